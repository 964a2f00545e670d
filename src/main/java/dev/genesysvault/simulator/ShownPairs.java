package dev.genesysvault.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** How the simulated Genesys shows a client's roles and divisions. */
final class ShownPairs {
  private static final String MEMBER = "roleDivisions";

  private final Knobs knobs;

  ShownPairs(Knobs knobs) {
    this.knobs = knobs;
  }

  /** Returns a client as it is shown. */
  Map<String, Object> of(Map<String, Object> client) {
    if (!(client.get(MEMBER) instanceof List<?> pairs)) {
      return client;
    }
    Map<String, Object> shown = new LinkedHashMap<>(client);
    shown.put(MEMBER, of(pairs));
    return shown;
  }

  /** As {@link #of(Map)}, in a reply that carries the secret. */
  Map<String, Object> withSecret(Map<String, Object> client) {
    var shown = new LinkedHashMap<>(of(client));
    if (knobs.is(Knob.SHOWN_WITH_SECRET, "without roles")) {
      shown.remove(MEMBER);
    }
    return shown;
  }

  private List<?> of(List<?> pairs) {
    return switch (knobs.text(Knob.PAIRS_SHOWN)) {
      case "reversed" -> pairs.reversed();
      case "twice" -> {
        var twice = new ArrayList<Object>(pairs);
        twice.addAll(pairs);
        yield twice;
      }
      case "upper case" -> pairs.stream().map(ShownPairs::upperCase).toList();
      case "without what all divisions have" ->
          pairs.stream().filter(pair -> inAll(pair) || !heldInAll(pair, pairs)).toList();
      default -> pairs;
    };
  }

  private static Object upperCase(Object pair) {
    if (!(pair instanceof Map<?, ?> members)) {
      return pair;
    }
    var upper = new LinkedHashMap<String, Object>();
    members.forEach(
        (name, id) -> upper.put(String.valueOf(name), String.valueOf(id).toUpperCase(Locale.ROOT)));
    return upper;
  }

  private static boolean inAll(Object pair) {
    return pair instanceof Map<?, ?> members && "*".equals(members.get("divisionId"));
  }

  private static boolean heldInAll(Object pair, List<?> pairs) {
    return pair instanceof Map<?, ?> members
        && pairs.stream()
            .filter(ShownPairs::inAll)
            .anyMatch(all ->
                all instanceof Map<?, ?> other
                    && Objects.equals(other.get("roleId"), members.get("roleId")));
  }
}
