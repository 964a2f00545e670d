package dev.genesysvault.fleet;

import java.util.Map;

/**
 * What a list says of one client, not looked at yet.
 *
 * @param line of the list where it begins, from 1
 * @param values by column; holds a secret
 */
record Row(int line, Map<String, String> values) {
  String value(String column) {
    return values.getOrDefault(column, "");
  }

  /** Names where it is, never what it says. */
  @Override
  public String toString() {
    return "Row[line=" + line + "]";
  }
}
