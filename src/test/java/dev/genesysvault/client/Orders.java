package dev.genesysvault.client;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.LiveClients;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The one client that the tests of this room ask for. */
public final class Orders {
  public static final ClientKey KEY = ClientNaming.keyOf("request-1");
  public static final String RECORD = "clients/" + KEY;

  /** Static roles that hand out nothing. */
  public static final LiveClients NONE = _ -> Optional.empty();

  public static final Endpoint ENDPOINT = Endpoint.of("mypurecloud.de");
  public static final Mark MARK = new Mark("0123456789abcdef");

  private Orders() {}

  /** Configures a mount in the organisation that {@link #demo} is for. */
  public static void configure(Storage storage) throws InterruptedException {
    configure(storage, "org-1");
  }

  public static void configure(Storage storage, String organizationId) throws InterruptedException {
    new MountStorage(storage)
        .config()
        .put(
            new MountConfig(
                "",
                "mypurecloud.de",
                "",
                "",
                false,
                new Credential(new ClientId("own"), Secret.of("own secret")),
                Duration.ZERO,
                Duration.ZERO,
                "vault",
                true,
                new Organization(organizationId, "Acme"),
                true,
                ENDPOINT,
                null,
                Keeping.DEFAULT,
                Map.of()));
  }

  /** Static roles that hand out one client. */
  public static LiveClients handedOut(ClientId live) {
    return id ->
        id.equals(live)
            ? Optional.of(
                "client %s is one that a static role hands out; then write clients/<key>/retry"
                    .formatted(id))
            : Optional.empty();
  }

  /** An order for a client of role {@code demo} with a lease of an hour. */
  public static IssueOrder demo() {
    return new IssueOrder(
        KEY,
        MARK,
        "org-1",
        Optional.empty(),
        ENDPOINT,
        "demo",
        "vault-demo",
        "a description",
        Duration.ofHours(1),
        Set.of(new RoleDivision("role-1", "*")),
        Map.of("ipAllowlist", "10.0.0.0/8"),
        Duration.ofHours(1),
        "token",
        "",
        false);
  }
}
