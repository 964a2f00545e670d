package dev.genesysvault.storage;

import dev.genesysvault.domain.RoleDivision;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Role and division pairs as texts of a document. */
final class Pairs {
  private Pairs() {}

  static Set<RoleDivision> read(List<String> texts) {
    var pairs = new TreeSet<RoleDivision>();
    for (var text : texts) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("role_divisions holds \"" + text + "\"");
      }
      pairs.add(new RoleDivision(text.substring(0, colon), text.substring(colon + 1)));
    }
    return pairs;
  }

  static List<String> write(Collection<RoleDivision> pairs) {
    return pairs.stream().sorted().map(RoleDivision::toString).toList();
  }
}
