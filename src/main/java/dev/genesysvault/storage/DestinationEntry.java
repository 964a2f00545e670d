package dev.genesysvault.storage;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Part of a static role's document: one entry of a destination where its credential goes.
 *
 * @param destination its name in {@code destinations/}
 * @param entry what the destination calls it
 * @param template a JSON object in whose texts {@code {{client_id}}} and the like stand for what a
 *     reader of {@code static-creds/} gets; empty for all of that under those names
 * @param unknown members of a later version
 */
public record DestinationEntry(
    String destination, String entry, Map<String, Object> template, Map<String, Object> unknown) {
  /** Whether it is the same place, whatever goes there. */
  public boolean isAt(String otherDestination, String otherEntry) {
    return destination.equals(otherDestination) && entry.equals(otherEntry);
  }

  @Override
  public String toString() {
    return "%s of destination %s".formatted(entry, destination);
  }

  static DestinationEntry read(Members members) {
    return new DestinationEntry(
        members.text("destination"),
        members.text("name"),
        members.object("template"),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("destination", destination);
    members.put("name", entry);
    members.put("template", template);
    members.putAll(unknown);
    return members;
  }
}
