package dev.genesysvault.page;

import dev.genesysvault.domain.Sha256;
import dev.genesysvault.observe.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * The page itself: one document with its style and its script inside, and headers that allow a
 * browser these two and no other.
 */
final class PageDocument {
  /** Of everything that the page answers. */
  static final Map<String, String> HEADERS =
      Map.of(
          "Cache-Control", "no-store",
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin");

  private static final String STYLE = "<!-- style -->";
  private static final String SCRIPT = "<!-- script -->";

  private final Answer answer;

  /** Reads it from this jar. */
  PageDocument() {
    var style = resource("page.css");
    var script = resource("plots.js") + resource("page.js");
    var text =
        resource("page.html")
            .replace(STYLE, "<style>" + style + "</style>")
            .replace(SCRIPT, "<script>" + script + "</script>");
    var headers = new HashMap<>(HEADERS);
    headers.put("Content-Security-Policy", policy(style, script));
    this.answer =
        new Answer(200, "text/html; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), headers);
  }

  Answer answer() {
    return answer;
  }

  private static String policy(String style, String script) {
    return String.join(
        "; ",
        "default-src 'none'",
        "style-src '%s'".formatted(hash(style)),
        "script-src '%s'".formatted(hash(script)),
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'");
  }

  private static String hash(String text) {
    return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text));
  }

  private static String resource(String name) {
    try (InputStream stream = PageDocument.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }
}
