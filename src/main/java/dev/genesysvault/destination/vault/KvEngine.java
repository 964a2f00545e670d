package dev.genesysvault.destination.vault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.resilience.Deadline;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is asked of a KV engine of version 2, logged in, and answered by it alone. */
final class KvEngine {
  private static final int NOT_FOUND = 404;
  private static final int FORBIDDEN = 403;

  private final VaultApi api;
  private final Tokens tokens;
  private final String mount;

  KvEngine(VaultApi api, Tokens tokens, String mount) {
    this.api = api;
    this.tokens = tokens;
    this.mount = mount;
  }

  /**
   * One version of an entry. Its data holds a secret.
   *
   * @param number 0 where there has been none
   * @param data empty where it is deleted or destroyed, or there is none
   */
  record Held(long number, Optional<JsonNode> data) {
    static final Held NOTHING = new Held(0, Optional.empty());

    boolean is(KvValue value) {
      return data.filter(value::isSameAs).isPresent();
    }

    /** Names no data. */
    @Override
    public String toString() {
      return "Held[%d]".formatted(number);
    }
  }

  /** Which engine is mounted at a path, as far as the token may see it. */
  enum Kind {
    VERSION_2,
    ANOTHER,
    UNSEEN
  }

  /** Returns the latest version of an entry. */
  Held latest(String entry, Deadline deadline) throws NotDoneException, InterruptedException {
    return held(read(entry, ""), deadline);
  }

  /** Returns one version of an entry; nothing where it is not there. */
  Held version(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    return held(read(entry, "?version=" + number), deadline);
  }

  private Call read(String entry, String query) {
    return Call.get(dataPath(entry) + query, advice(entry));
  }

  private Held held(Call call, Deadline deadline) throws NotDoneException, InterruptedException {
    var answer = ask(call, deadline);
    var metadata = answer.data().path("metadata");
    long number = metadata.path("version").asLong(0);
    if (answer.status() == NOT_FOUND && number > 0) {
      return new Held(number, Optional.empty());
    }
    if (isMissing(answer)) {
      return Held.NOTHING;
    }
    must(call, answer);
    if (number <= 0 || !answer.data().path("data").isObject()) {
      throw otherEngine(call, answer);
    }
    return new Held(number, Optional.of(answer.data().path("data")));
  }

  /** Whether an entry is not there, and it is Vault that says so. */
  private static boolean isMissing(Answer answer) {
    return answer.status() == NOT_FOUND && answer.byVault() && answer.errors().isEmpty();
  }

  /**
   * Writes the next version of an entry, if nobody has done so since.
   *
   * @param since the number of its latest version
   * @return the number of the new one
   */
  long write(String entry, long since, KvValue value, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var call =
        Call.post(
            dataPath(entry),
            Map.of("options", Map.of("cas", since), "data", value.members()),
            advice(entry));
    var answer = must(call, ask(call, deadline));
    long number = answer.data().path("version").asLong(0);
    if (number <= 0) {
      throw otherEngine(call, answer);
    }
    return number;
  }

  /** Deletes one version of an entry. */
  void delete(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var call =
        Call.post(
            "%s/delete/%s".formatted(mount, entry),
            Map.of("versions", List.of(number)),
            advice(entry));
    must(call, ask(call, deadline));
  }

  /** Returns the number of an entry's latest version; 0 where there is nothing to delete. */
  long present(String entry, Deadline deadline) throws NotDoneException, InterruptedException {
    // Unlike the data, these hold no secret that would be read for nothing.
    var call = Call.get(metadataPath(entry), advice(entry));
    var answer = ask(call, deadline);
    if (isMissing(answer)) {
      return 0;
    }
    var number = must(call, answer).data().path("current_version").asLong(-1);
    if (number < 0) {
      throw otherEngine(call, answer);
    }
    var version = answer.data().path("versions").path(String.valueOf(number));
    return version.path("destroyed").asBoolean() ? 0 : number;
  }

  /** Says which engine is mounted there; what the token may not see, it does not say. */
  Kind kind(Deadline deadline) throws NotDoneException, InterruptedException {
    var call = Call.get("sys/internal/ui/mounts/" + mount, advice("<entry>"));
    // A 403 is how it is said that nothing is mounted there, too: no reason for another token. A
    // gateway may let the engine's own paths through alone.
    var answer = api.ask(call, Optional.of(tokens.present(deadline)), deadline);
    if (answer.status() == FORBIDDEN || answer.status() == NOT_FOUND) {
      return Kind.UNSEEN;
    }
    var data = must(call, answer).data();
    boolean second =
        data.path("type").asText().equals("kv")
            && data.path("options").path("version").asText().equals("2")
            && data.path("path").asText().equals(mount + "/");
    return second ? Kind.VERSION_2 : Kind.ANOTHER;
  }

  /**
   * Throws where it is certain that the engine is not of version 2: that of version 1 would keep
   * what is written under another path, and every version of it for whoever may read that.
   */
  void mustBeOfVersion2(Deadline deadline) throws NotDoneException, InterruptedException {
    if (kind(deadline) == Kind.ANOTHER) {
      var call = Call.get("sys/internal/ui/mounts/" + mount, advice("<entry>"));
      throw new NotDoneException(api.failures().unanswered(call, notVersion2()));
    }
  }

  /** Returns what is said where the engine is another one. */
  String notVersion2() {
    return "kv_mount is \"%s\", which is not the path of a KV engine of version 2: check it, or upgrade that engine"
        .formatted(mount);
  }

  private NotDoneException otherEngine(Call call, Answer answer) {
    return new NotDoneException(
        api.failures().unreadable(call, answer, Extent.DESTINATION, notVersion2()));
  }

  /** Asks with a token, and once more with another one where it may have been revoked. */
  Answer ask(Call call, Deadline deadline) throws NotDoneException, InterruptedException {
    var token = tokens.present(deadline);
    var answer = api.ask(call, Optional.of(token), deadline);
    if (answer.status() == FORBIDDEN && answer.byVault()) {
      var other = tokens.instead(token, deadline);
      if (other.isPresent()) {
        return api.ask(call, other, deadline);
      }
    }
    return answer;
  }

  /** Returns an answer that is a success, and throws another one. */
  Answer must(Call call, Answer answer) throws NotDoneException {
    if (!answer.success()) {
      throw new NotDoneException(api.failures().refused(call, answer));
    }
    return answer;
  }

  /** Returns what the token's policies must allow for an entry, by path. */
  Map<String, List<String>> needed(String entry) {
    var needed = new LinkedHashMap<String, List<String>>();
    needed.put(dataPath(entry), List.of("create", "update", "read"));
    needed.put(metadataPath(entry), List.of("read"));
    needed.put("%s/delete/%s".formatted(mount, entry), List.of("update"));
    return needed;
  }

  private String dataPath(String entry) {
    return "%s/data/%s".formatted(mount, entry);
  }

  private String metadataPath(String entry) {
    return "%s/metadata/%s".formatted(mount, entry);
  }

  /** Returns what to do where a call for an entry is refused. */
  Call.Advice advice(String entry) {
    var paths =
        needed(entry).entrySet().stream()
            .map(path -> "%s: %s".formatted(path.getKey(), String.join(", ", path.getValue())))
            .toList();
    return new Call.Advice(
        "the policies of %s must allow %s (for the removal); check namespace and kv_mount, too"
            .formatted(tokens.owner(), String.join("; ", paths)),
        "kv_mount is \"%s\", where nothing is mounted: check it, and namespace".formatted(mount),
        "it does not take this request: is it a KV engine of version 2?");
  }
}
