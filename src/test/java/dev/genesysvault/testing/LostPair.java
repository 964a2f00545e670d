package dev.genesysvault.testing;

import dev.genesysvault.domain.ClientBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/** What Genesys did not keep all of. */
public final class LostPair {
  private LostPair() {}

  /** Returns what is left of a body that lost the last of its roles and divisions. */
  public static ClientBody of(ClientBody body) {
    var pairs =
        new ArrayList<>((List<?>) Objects.requireNonNull(body.members().get("roleDivisions")));
    pairs.removeLast();
    var members = new LinkedHashMap<>(body.members());
    members.put("roleDivisions", pairs);
    return new ClientBody(members);
  }
}
