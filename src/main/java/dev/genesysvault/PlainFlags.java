package dev.genesysvault;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a command line of plain flags, which is that of every start. Whatever else there is, such
 * as commands, help and mistakes, is {@link Program}'s, whose library takes a third of a start.
 */
final class PlainFlags {
  private PlainFlags() {}

  /**
   * Returns the values that a command line gives; empty where it is not plain: each argument a flag
   * that exists, once, with its value after {@code =} or as the next argument.
   */
  static Optional<Map<Flag, String>> read(List<String> arguments) {
    var given = new EnumMap<Flag, String>(Flag.class);
    for (int i = 0; i < arguments.size(); i++) {
      var argument = arguments.get(i);
      int equals = argument.indexOf('=');
      var flag = Flag.of(equals < 0 ? argument : argument.substring(0, equals));
      if (flag.isEmpty()) {
        return Optional.empty();
      }
      var value = equals < 0 ? "" : argument.substring(equals + 1);
      boolean last = i + 1 == arguments.size() || arguments.get(i + 1).startsWith("--");
      if (equals < 0 && last && flag.get().standsAlone()) {
        value = Flag.ALONE;
      } else if (equals < 0 && !last) {
        i++;
        value = arguments.get(i);
      }
      if (!isPlain(value) || given.put(flag.get(), value) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(given);
  }

  /**
   * Returns the values of all flags: what is given, else the flag's variable, else what counts
   * without either.
   */
  static Map<Flag, String> withVariables(Map<Flag, String> given, Map<String, String> environment) {
    var values = new EnumMap<Flag, String>(Flag.class);
    for (var flag : Flag.values()) {
      var variable = environment.getOrDefault(flag.variable(), flag.fallback());
      values.put(flag, given.getOrDefault(flag, variable));
    }
    return values;
  }

  /** Whether a value means itself: nothing is quoted, looked up, or might be a flag. */
  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && !value.startsWith("-")
        && !value.startsWith("@")
        && value.indexOf('"') < 0
        && value.indexOf('\'') < 0
        && value.indexOf('$') < 0;
  }
}
