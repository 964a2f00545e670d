package dev.genesysvault.vaultapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Vault answered, or something that stands before it.
 *
 * @param status of HTTP; {@link #NONE} where there was no answer
 * @param body empty object for none
 * @param retryAfter seconds, as the header says; empty for none
 * @param foreign why this is not Vault's own answer, so that nothing follows from it, as a
 *     sentence; empty where it is Vault's
 */
public record Answer(int status, JsonNode body, String retryAfter, String foreign) {
  /** The status where nobody answered. */
  public static final int NONE = 0;

  private static final int MOST_SECONDS = 3_600;
  private static final int MOST_DIGITS = 6;
  private static final String WAIT = "try again in ";
  private static final String ONE_ERROR = "1 error occurred:";
  private static final String LIMITED = "rate limit exceeded";
  private static final String REFUSED = "Genesys refused ";

  /** Makes one of Vault itself. */
  public Answer(int status, JsonNode body, String retryAfter) {
    this(status, body, retryAfter, "");
  }

  /** Whether Vault did what it was asked for. */
  public boolean success() {
    return status / 100 == 2 && foreign.isEmpty();
  }

  /**
   * Whether Vault says that there is nothing at that path: by a 404 of JSON without any error. A
   * path that it does not know has one, and the page of a proxy is no such JSON.
   */
  public boolean nothing() {
    var errors = body.path("errors");
    return status == 404 && foreign.isEmpty() && errors.isArray() && errors.isEmpty();
  }

  /** Whether nobody answered, or only to say that everything has to wait. */
  public boolean unanswered() {
    return status == NONE || asksToWait();
  }

  public JsonNode data() {
    return body.path("data");
  }

  /** Returns what was found wrong, each as a sentence. */
  public List<String> errors() {
    if (!foreign.isEmpty()) {
      return List.of(foreign);
    }
    var errors = new ArrayList<String>();
    body.path("errors").forEach(error -> errors.add(plain(error.asText())));
    body.path("warnings").forEach(warning -> errors.add(plain(warning.asText())));
    if (errors.isEmpty()) {
      errors.add(
          status == NONE ? "Vault did not answer" : "Vault answered HTTP %d".formatted(status));
    }
    return errors;
  }

  /** Vault numbers errors even where there is one. */
  private static String plain(String error) {
    var text = error.strip();
    if (text.startsWith(ONE_ERROR)) {
      text = text.substring(ONE_ERROR.length()).strip();
      text = text.startsWith("*") ? text.substring(1).strip() : text;
    }
    return text;
  }

  /** Whether to ask again after a while, as long as it takes: nothing was done. */
  public boolean asksToWait() {
    return switch (status) {
      case 412, 429, 503 -> true;
      case 400 -> errors().stream().anyMatch(error -> error.contains(LIMITED));
      default -> false;
    };
  }

  /** Whether to ask again some times: something is away. */
  public boolean away() {
    return switch (status) {
      case NONE, 500, 504 -> true;
      case 502 -> errors().stream().noneMatch(error -> error.contains(REFUSED));
      default -> false;
    };
  }

  /** Whether all of Vault is away for now, and not what one request wanted. */
  boolean outage() {
    return status == 503 || away();
  }

  /** Returns how long to wait, where the answer says so. */
  public Optional<Duration> saidWait() {
    return seconds(retryAfter)
        .or(() ->
            errors().stream()
                .filter(error -> error.contains(WAIT))
                .map(error -> seconds(error.substring(error.indexOf(WAIT) + WAIT.length())))
                .flatMap(Optional::stream)
                .findFirst())
        .map(seconds -> Duration.ofSeconds(Math.clamp(seconds, 1, MOST_SECONDS)));
  }

  /** Returns the number with which a text begins. */
  private static Optional<Integer> seconds(String text) {
    int end = 0;
    while (end < text.length() && end <= MOST_DIGITS && Texts.isDigit(text.charAt(end))) {
      end++;
    }
    return end == 0 || end > MOST_DIGITS
        ? Optional.empty()
        : Optional.of(Integer.valueOf(text.substring(0, end)));
  }
}
