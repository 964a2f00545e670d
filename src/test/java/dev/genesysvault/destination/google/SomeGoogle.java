package dev.genesysvault.destination.google;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemRandomness;
import dev.genesysvault.resilience.SystemTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one place that chooses between the played Secret Manager and Google itself, which is asked as
 * whom this process runs as there, in the project and with the names that the environment says.
 */
interface SomeGoogle extends AutoCloseable {
  /** Names the project of Google that tests may use. */
  String PROJECT = "GENESYS_VAULT_LIVE_GCP_PROJECT";

  /** Begins the ids of the secrets that tests make there; they are left behind. */
  String PREFIX = "GENESYS_VAULT_LIVE_GCP_SECRET_PREFIX";

  /** Opens a destination with more settings, by field. */
  Destination open(String... more);

  /** Returns the id of a secret that nobody else has. */
  String entry();

  @Override
  void close();

  /** Returns the played one. */
  static SomeGoogle played() throws Exception {
    var other = new OtherGoogle();
    return of(other.kind(), OtherGoogle.settings(), "played", other::close);
  }

  /** Returns Google itself. */
  static SomeGoogle live() {
    var network = Network.ofJvm(List.of());
    var kind =
        new GcpSecretManagerKind(
            network, new HttpTransport(new SystemTime(), network), new SystemLocks());
    return of(
        kind,
        Map.of("project_id", String.valueOf(System.getenv(PROJECT))),
        String.valueOf(System.getenv(PREFIX)),
        () -> {});
  }

  private static SomeGoogle of(
      GcpSecretManagerKind kind, Map<String, String> settings, String prefix, Runnable close) {
    var entry = prefix + "-" + new SystemRandomness().hex(8);
    return new SomeGoogle() {
      @Override
      public Destination open(String... more) {
        var all = new HashMap<>(settings);
        for (int i = 0; i < more.length; i += 2) {
          all.put(more[i], more[i + 1]);
        }
        return kind.open(all);
      }

      @Override
      public String entry() {
        return entry;
      }

      @Override
      public void close() {
        close.run();
      }
    };
  }
}
