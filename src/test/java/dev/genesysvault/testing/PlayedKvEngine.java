package dev.genesysvault.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The entries of a played KV engine of version 2, and the hands of whoever else is at them. */
public final class PlayedKvEngine {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String DELETED = "2026-01-01T00:00:00Z";

  private final Map<String, TreeMap<Long, Version>> entries = new HashMap<>();

  PlayedKvEngine() {}

  /** One version; its data is gone with its destruction, and hidden by its deletion. */
  private static final class Version {
    private @Nullable JsonNode data;
    private boolean deleted;

    private Version(JsonNode data) {
      this.data = data;
    }

    private ObjectNode metadata(long number) {
      return MAPPER
          .createObjectNode()
          .put("version", number)
          .put("deletion_time", deleted ? DELETED : "")
          .put("destroyed", data == null);
    }

    private boolean gone() {
      return deleted || data == null;
    }
  }

  /** Writes the next version of an entry; returns its number. */
  public long write(String entry, Map<String, ?> data) {
    return write(entry, MAPPER.<JsonNode>valueToTree(data));
  }

  synchronized long write(String entry, JsonNode data) {
    long number = latest(entry) + 1;
    entries.computeIfAbsent(entry, _ -> new TreeMap<>()).put(number, new Version(asKept(data)));
    return number;
  }

  /** The real ones read numbers as doubles and write those that are whole without a point. */
  private static JsonNode asKept(JsonNode data) {
    if (data.isNumber()) {
      double number = data.doubleValue();
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? MAPPER.getNodeFactory().numberNode((long) number)
          : MAPPER.getNodeFactory().numberNode(number);
    }
    if (data.isArray()) {
      var kept = MAPPER.createArrayNode();
      data.forEach(each -> kept.add(asKept(each)));
      return kept;
    }
    if (data.isObject()) {
      // In the order of the names, as the real ones do.
      var sorted = new TreeMap<String, JsonNode>();
      data.properties().forEach(each -> sorted.put(each.getKey(), asKept(each.getValue())));
      return MAPPER.createObjectNode().setAll(sorted);
    }
    return data;
  }

  /** Deletes one version of an entry. */
  public synchronized void delete(String entry, long number) {
    version(entry, number).ifPresent(version -> version.deleted = true);
  }

  /** Destroys one version of an entry. */
  public synchronized void destroy(String entry, long number) {
    version(entry, number).ifPresent(version -> version.data = null);
  }

  /** Forgets the latest version of an entry, as if it had never been written. */
  public synchronized void loseLatest(String entry) {
    var versions = entries.get(entry);
    if (versions != null) {
      versions.pollLastEntry();
    }
  }

  /** Removes an entry with all of its versions. */
  public synchronized void forget(String entry) {
    entries.remove(entry);
  }

  private Optional<Version> version(String entry, long number) {
    return Optional.ofNullable(entries.getOrDefault(entry, new TreeMap<>()).get(number));
  }

  /** Returns the number of an entry's latest version, gone or not; 0 for none. */
  public synchronized long latest(String entry) {
    var versions = entries.get(entry);
    return versions == null || versions.isEmpty() ? 0 : versions.lastKey();
  }

  /** Returns what readers of an entry get; empty where there is nothing. */
  public synchronized Optional<JsonNode> held(String entry) {
    return version(entry, latest(entry))
        .filter(version -> !version.gone())
        .flatMap(version -> Optional.ofNullable(version.data));
  }

  /** Returns the answer to a reading; its data is null where the version is gone. */
  synchronized Optional<ObjectNode> read(String entry, long number) {
    long wanted = number == 0 ? latest(entry) : number;
    return version(entry, wanted)
        .map(version -> {
          var answer = MAPPER.createObjectNode();
          answer.set("data", version.gone() ? MAPPER.nullNode() : version.data);
          answer.set("metadata", version.metadata(wanted));
          return answer;
        });
  }

  synchronized Optional<ObjectNode> metadata(String entry) {
    if (!entries.containsKey(entry)) {
      return Optional.empty();
    }
    var answer = MAPPER.createObjectNode().put("current_version", latest(entry));
    var versions = answer.putObject("versions");
    entries
        .get(entry)
        .forEach((number, version) -> versions.set(number.toString(), version.metadata(number)));
    return Optional.of(answer);
  }
}
