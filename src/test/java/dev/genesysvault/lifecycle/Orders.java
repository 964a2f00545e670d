package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.RoleDivision;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** The one client that the tests of this room ask for. */
final class Orders {
  static final ClientKey KEY = ClientNaming.keyOf("request-1");
  static final String RECORD = "clients/" + KEY;
  static final Mark MARK = new Mark("0123456789abcdef");

  private Orders() {}

  /** An order for a client of role {@code demo} with a lease of an hour. */
  static IssueOrder demo() {
    return new IssueOrder(
        "mount-1",
        KEY,
        MARK,
        "org-1",
        "demo",
        "vault-demo",
        "a description",
        Duration.ofHours(1),
        Set.of(new RoleDivision("role-1", "*")),
        Map.of("ipAllowlist", "10.0.0.0/8"),
        Duration.ofHours(1),
        "token",
        "");
  }
}
