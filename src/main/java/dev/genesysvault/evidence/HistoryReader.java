package dev.genesysvault.evidence;

import dev.genesysvault.history.HistoryIds;
import dev.genesysvault.vaultapi.Answer;
import dev.genesysvault.vaultapi.VaultApi;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what a mount keeps of a time span, static role by static role, so that no more than one
 * role's rotations are in memory. What cannot be read is counted and named, and the rest is read.
 */
final class HistoryReader {
  private static final int PAGE = 1_000;

  /** Requests in a row without an answer, after which nobody is asked any more. */
  private static final int MOST_UNANSWERED = 3;

  /** How to go on. */
  private static final String REMEDY =
      "See `vault status`: unseal it, or bring its sidecar back, and run the command again";

  private final VaultApi api;
  private final String mount;
  private final Span span;
  private final Totals totals;
  private final List<Part> parts;
  private int unanswered;

  /** What was met where nobody answered; empty while everybody did. */
  private String last = "";

  HistoryReader(VaultApi api, String mount, Span span, Totals totals, List<Part> parts) {
    this.api = api;
    this.mount = mount;
    this.span = span;
    this.totals = totals;
    this.parts = parts;
  }

  /**
   * Reads everything.
   *
   * @throws IllegalArgumentException if there is no history to be read at all
   */
  void read() throws InterruptedException, IOException {
    var roles = list("history", true);
    while (!roles.isEmpty() && answers()) {
      for (var role : roles) {
        if (!answers()) {
          break;
        }
        role(role);
      }
      roles =
          roles.size() < PAGE || !answers() ? List.of() : list("history", roles.getLast(), false);
    }
    if (answers()) {
      dynamicClients();
    }
    if (!answers()) {
      totals.gap(
          "Vault does not answer any more, and what comes after was not read. It said last: %s. %s"
              .formatted(last, REMEDY));
    }
  }

  private boolean answers() {
    return unanswered < MOST_UNANSWERED;
  }

  private void role(String role) throws InterruptedException, IOException {
    var rotations = new ArrayList<Rotation>();
    // However early one began: nothing but its document says whether its former client lives on.
    for (var id : begunBeforeTheEnd("history/" + encoded(role))) {
      if (!answers()) {
        break;
      }
      var read = one("history/%s/%s".formatted(encoded(role), encoded(id)));
      if (read.isPresent()) {
        var rotation = Rotation.of(role, id, read.get().data());
        if (!rotation.overBefore(span.from())) {
          rotations.add(rotation);
        }
      }
    }
    tell(role, rotations);
  }

  private void tell(String role, List<Rotation> rotations) throws IOException {
    if (rotations.isEmpty()) {
      return;
    }
    totals.role();
    rotations.forEach(totals::rotation);
    for (var part : parts) {
      part.role(role, rotations);
    }
  }

  private List<String> all(String folder) throws InterruptedException {
    var keys = new ArrayList<String>();
    var page = list(folder, false);
    while (!page.isEmpty()) {
      keys.addAll(page);
      page = page.size() < PAGE || !answers() ? List.of() : list(folder, page.getLast(), false);
    }
    return keys;
  }

  /** Returns the ids of what began before the span's end, the earliest first. */
  private List<String> begunBeforeTheEnd(String folder) throws InterruptedException {
    var ids = new ArrayList<>(all(folder));
    ids.removeIf(id -> HistoryIds.time(id).map(time -> !time.isBefore(span.to())).orElse(false));
    return ids;
  }

  private void dynamicClients() throws InterruptedException, IOException {
    for (var hour : all("decommissioned")) {
      if (!answers() || hour.compareTo(HistoryIds.hour(span.to())) > 0) {
        break;
      }
      var folder = "decommissioned/" + encoded(hour);
      for (var id : all(folder)) {
        if (id.compareTo(HistoryIds.prefix(span.to())) < 0) {
          dynamicClient(id, folder + "/" + encoded(id));
        }
      }
    }
  }

  private void dynamicClient(String id, String path) throws InterruptedException, IOException {
    var read = answers() ? one(path) : Optional.<Answer>empty();
    if (read.isEmpty()) {
      return;
    }
    var client = DynamicClient.of(id, read.get().data());
    if (!client.deleted().isEmpty() && Instant.parse(client.deleted()).isBefore(span.from())) {
      return;
    }
    totals.client();
    for (var part : parts) {
      part.client(client);
    }
  }

  private Optional<Answer> one(String path) throws InterruptedException {
    var answer = asked(path);
    if (answer.success()) {
      return Optional.of(answer);
    }
    // Removed since it was listed, as what is kept for too long is.
    if (!answer.nothing()) {
      gap(path, answer);
    }
    return Optional.empty();
  }

  private List<String> list(String folder, boolean first) throws InterruptedException {
    return list(folder, "", first);
  }

  private List<String> list(String folder, String after, boolean first)
      throws InterruptedException {
    var answer =
        asked(
            "%s?list=true&limit=%d%s"
                .formatted(folder, PAGE, after.isEmpty() ? "" : "&after=" + encoded(after)));
    if (!answer.success() && !answer.nothing()) {
      if (first) {
        throw new IllegalArgumentException(
            "%s/history cannot be listed: %s%s"
                .formatted(mount, text(answer), answer.unanswered() ? ". " + REMEDY : ""));
      }
      gap(folder, answer);
    }
    var keys = new ArrayList<String>();
    answer.data().path("keys").forEach(key -> keys.add(key.asText()));
    return keys;
  }

  private Answer asked(String path) throws InterruptedException {
    var answer = api.get(mount + "/" + path);
    unanswered = answer.unanswered() ? unanswered + 1 : 0;
    last = answer.unanswered() ? text(answer) : last;
    return answer;
  }

  /** Returns what was answered; an error of Vault's own does not say its status. */
  private static String text(Answer answer) {
    var errors = String.join("; ", answer.errors());
    return answer.unanswered() && answer.status() != Answer.NONE && answer.foreign().isEmpty()
        ? "HTTP %d (%s)".formatted(answer.status(), errors)
        : errors;
  }

  private void gap(String path, Answer answer) {
    totals.gap("%s/%s: %s".formatted(mount, path, text(answer)));
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8);
  }
}
