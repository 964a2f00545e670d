package dev.genesysvault.destination.vault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.Transport.Head;
import java.util.ArrayList;
import java.util.List;

/**
 * What the other Vault answered. Its body may hold secrets.
 *
 * @param body missing node where it is no JSON
 * @param sent texts that went out with the call and are not to come back in a message
 */
record Answer(Head head, JsonNode body, List<String> sent) {
  private static final int LONGEST_ERRORS = 200;
  private static final int LONGEST_ID = 64;

  int status() {
    return head.status();
  }

  boolean success() {
    return head.success();
  }

  JsonNode data() {
    return body.path("data");
  }

  /** Whether it is Vault itself that refused, and not a proxy on the way. */
  boolean byVault() {
    return body.path("errors").isArray() || body.has("request_id");
  }

  /** Whether one of Vault's errors says that. */
  boolean says(String words) {
    return whole().contains(words);
  }

  /** Returns Vault's own words, bounded, in one line and without secrets; empty for none. */
  String errors() {
    var whole = whole();
    if (sent.stream().anyMatch(whole::contains)) {
      return "its words quote a secret and are left out";
    }
    return Texts.printable(whole, LONGEST_ERRORS).strip();
  }

  private String whole() {
    var errors = new ArrayList<String>();
    body.path("errors").forEach(error -> errors.add(error.asText().strip()));
    return String.join("; ", errors);
  }

  /** Returns by which Vault's log finds it; empty where it does not say. */
  String requestId() {
    var id = body.path("request_id").asText("");
    return Texts.consistsOf(id, 1, LONGEST_ID, c -> Texts.isLetterOrDigit(c) || c == '-') ? id : "";
  }

  /** Names nothing but the status. */
  @Override
  public String toString() {
    return "Answer[%d]".formatted(status());
  }
}
