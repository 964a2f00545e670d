package dev.genesysvault.destination;

import java.util.Map;

/**
 * What a destination is to hold: members of a JSON object, one of which is a secret.
 *
 * @param members texts, numbers, booleans, lists and maps, in their order
 */
public record Value(Map<String, Object> members) {
  /** Names no member. */
  @Override
  public String toString() {
    return "Value[redacted]";
  }
}
