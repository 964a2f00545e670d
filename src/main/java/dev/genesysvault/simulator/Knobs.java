package dev.genesysvault.simulator;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How the simulator's knobs stand. */
final class Knobs {
  private final Map<Knob, String> turned = new EnumMap<>(Knob.class);

  String text(Knob knob) {
    return turned.getOrDefault(knob, knob.initial());
  }

  boolean is(Knob knob, String value) {
    return text(knob).equals(value);
  }

  int number(Knob knob) {
    return Integer.parseInt(text(knob));
  }

  Duration seconds(Knob knob) {
    return Duration.ofSeconds(number(knob));
  }

  /** Turns knobs by their keys; none where one of them is wrong. */
  void turn(Map<String, Object> wanted) {
    var checked = new EnumMap<Knob, String>(Knob.class);
    wanted.forEach((key, value) -> {
      var knob =
          Arrays.stream(Knob.values())
              .filter(known -> known.key().equals(key))
              .findFirst()
              .orElseThrow(() ->
                  SimulatedError.badRequest(
                      "there is no knob \"%s\"; known are %s".formatted(key, all())));
      var text = String.valueOf(value);
      if (!knob.allows(text)) {
        throw SimulatedError.badRequest(
            "knob %s cannot be \"%s\"; allowed: %s".formatted(key, text, knob.allowed()));
      }
      checked.put(knob, text);
    });
    turned.putAll(checked);
  }

  void reset() {
    turned.clear();
  }

  Map<String, String> all() {
    var all = new TreeMap<String, String>();
    for (var knob : Knob.values()) {
      all.put(knob.key(), text(knob));
    }
    return all;
  }
}
