package dev.genesysvault.evidence;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.List;

/**
 * Writes a page that needs nothing else: no scripts, nothing from elsewhere. Everything that came
 * from Vault is escaped. What comes first on the page is known last, so its body is written aside.
 */
final class HtmlPart implements Part {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Evidence of rotations</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 110em; padding: 0 1em; }
      table { border-collapse: collapse; width: 100%; margin: .5em 0 2em; }
      th, td { border: 1px solid light-dark(#ccc, #555); padding: .3em .5em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
      td > div + div { border-top: 1px dotted light-dark(#ccc, #555); }
      th { background: light-dark(#f2f2f2, #2a2a2a); }
      .late { color: light-dark(#a00000, #ff8080); }
      </style>
      </head>
      <body>
      """;

  private static final List<String> COLUMNS =
      List.of(
          "reason",
          "asked for, or due",
          "asked by",
          "client before",
          "client since",
          "readers got it",
          "checks",
          "former handed over",
          "former deactivated",
          "former's end",
          "late");

  private final Writer body;
  private boolean clients;

  HtmlPart(Writer body) {
    this.body = body;
  }

  @Override
  public void role(String role, List<Rotation> rotations) throws IOException {
    if (rotations.isEmpty()) {
      return;
    }
    body.write("<h3>%s</h3>\n".formatted(escaped(role)));
    table(body, rotations, false);
  }

  @Override
  public void client(DynamicClient client) throws IOException {
    if (!clients) {
      clients = true;
      body.write("<h2>Dynamic clients that are gone</h2>\n<table>\n");
      row(
          body,
          "th",
          List.of(
              "role",
              "client",
              "asked for by",
              "entity",
              "asked for",
              "handed out",
              "ended by",
              "deactivated",
              "end"));
    }
    row(
        body,
        "td",
        List.of(
            client.role(),
            client.clientId(),
            client.displayName(),
            client.entityId(),
            client.issued(),
            client.handedOut() ? "yes" : "never handed out",
            client.endedBy(),
            client.deactivated(),
            ended(client.end(), client.deleted())));
  }

  /** Ends the body. */
  void end() throws IOException {
    if (clients) {
      body.write("</table>\n");
    }
    body.write("</body>\n</html>\n");
  }

  /** Writes what comes before the body. */
  static void head(Writer out, String mount, Span span, Instant made, Totals totals)
      throws IOException {
    out.write(HEAD);
    out.write("<h1>Rotations of %s</h1>\n".formatted(escaped(mount)));
    out.write(
        "<p>From %s to %s, as the mount's own history has it; made at %s.</p>\n"
            .formatted(span.from(), span.to(), made));
    out.write("<h2>Summary</h2>\n<table>\n");
    row(out, "td", List.of("static roles with rotations", "%,d".formatted(totals.roles())));
    row(out, "td", List.of("rotations", "%,d".formatted(totals.rotations())));
    for (var entry : totals.byReason().entrySet()) {
      var reason = entry.getKey().isEmpty() ? "unknown" : entry.getKey();
      row(out, "td", List.of("of them " + reason, "%,d".formatted(entry.getValue())));
    }
    row(out, "td", List.of("late", "%,d".formatted(totals.lateCount())));
    row(
        out,
        "td",
        List.of("former clients that are not gone yet", "%,d".formatted(totals.openCount())));
    row(out, "td", List.of("dynamic clients that are gone", "%,d".formatted(totals.clients())));
    row(out, "td", List.of("could not be read", "%,d".formatted(totals.gapCount())));
    out.write("</table>\n");
    if (totals.gapCount() > 0) {
      out.write("<h2 class=\"late\">Could not be read: this report is not complete</h2>\n<ul>\n");
      for (var gap : totals.gaps()) {
        out.write("<li>%s</li>\n".formatted(escaped(gap)));
      }
      out.write("</ul>\n");
    }
    some(out, "Late", totals.late(), totals.lateCount());
    some(out, "Emergencies", totals.emergencies(), totals.byReason().getOrDefault("emergency", 0));
    out.write("<h2>By static role</h2>\n");
  }

  private static void some(Writer out, String title, List<Rotation> rotations, int all)
      throws IOException {
    if (all == 0) {
      return;
    }
    out.write("<h2>%s</h2>\n".formatted(title));
    if (all > rotations.size()) {
      out.write("<p>The first %,d of %,d.</p>\n".formatted(rotations.size(), all));
    }
    table(out, rotations, true);
  }

  private static void table(Writer out, List<Rotation> rotations, boolean named)
      throws IOException {
    out.write("<table>\n<tr>");
    if (named) {
      cell(out, "th", "", "static role");
    }
    for (var column : COLUMNS) {
      cell(out, "th", "", column);
    }
    out.write("</tr>\n");
    for (var rotation : rotations) {
      out.write("<tr>");
      if (named) {
        cell(out, "td", "", rotation.role());
      }
      cell(out, "td", "", rotation.reason());
      cell(out, "td", "", rotation.asked());
      list(out, "", rotation.askers());
      cell(out, "td", "", rotation.from());
      cell(out, "td", "", rotation.to());
      cell(out, "td", "", rotation.switched());
      list(out, "", rotation.checks());
      cell(out, "td", "", rotation.handedOver());
      cell(out, "td", "", rotation.deactivated());
      cell(out, "td", "", ended(rotation.formerEnd(), rotation.deleted() + rotation.released()));
      list(out, " class=\"late\"", rotation.late());
      out.write("</tr>\n");
    }
    out.write("</table>\n");
  }

  private static String ended(String end, String when) {
    return (end + " " + when).strip();
  }

  /** One below the other, each in a box of its own that no text can leave. */
  private static void list(Writer out, String attributes, List<String> texts) throws IOException {
    out.write("<td%s>".formatted(attributes));
    for (var text : texts) {
      out.write("<div>%s</div>".formatted(escaped(text)));
    }
    out.write("</td>");
  }

  private static void row(Writer out, String tag, List<String> cells) throws IOException {
    out.write("<tr>");
    for (var text : cells) {
      cell(out, tag, "", text);
    }
    out.write("</tr>\n");
  }

  private static void cell(Writer out, String tag, String attributes, String text)
      throws IOException {
    out.write("<%s%s>%s</%s>".formatted(tag, attributes, escaped(text), tag));
  }

  /** Returns a text that says in HTML what it says. */
  static String escaped(String text) {
    return Shown.visible(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
