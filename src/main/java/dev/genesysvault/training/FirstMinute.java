package dev.genesysvault.training;

import dev.genesysvault.proto.v1.LeasedSecret;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatorServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a mount asks after a start, and what its operator wrote before. */
final class FirstMinute {
  /** By then each lambda of the way has been linked, and most of it is compiled. */
  private static final int ISSUES = 30;

  private static final String NAME = "name";
  private static final Map<String, String> DEMO = Map.of(NAME, "demo");
  private static final Map<String, Object> PAIR =
      Map.of("role_divisions", List.of(Seed.ROLE_READER + ":" + Seed.DIVISION_SALES));

  private FirstMinute() {}

  /**
   * Plays it.
   *
   * @throws IOException if the sidecar does not answer, or refuses something; its message says what
   */
  static void play(PlayedPlugin plugin, SimulatorServer genesys)
      throws IOException, InterruptedException {
    plugin.greet();
    write(
        plugin,
        "config",
        Map.of(),
        Map.of(
            "api_url",
            genesys.apiUrl().toString(),
            "login_url",
            genesys.loginUrl().toString(),
            "client_id",
            Seed.CLIENT_ID,
            "client_secret",
            Seed.CLIENT_SECRET));
    write(plugin, "roles/name", DEMO, PAIR);
    plugin.attend();
    for (int i = 0; i < ISSUES; i++) {
      issueAndEnd(plugin);
    }
    var steady = new HashMap<>(PAIR);
    steady.put("rotation_period", 2_592_000);
    write(plugin, "static-roles/name", DEMO, steady);
    read(plugin, "static-creds/name");
    write(plugin, "rotate-role/name", DEMO, Map.of());
    read(plugin, "static-creds/name");
    read(plugin, "roles/name");
    plugin.ask(plugin.call(Operation.OPERATION_READ, "status", Map.of()));
  }

  private static void issueAndEnd(PlayedPlugin plugin) throws IOException, InterruptedException {
    var secret = read(plugin, "creds/name").getResponse().getSecret();
    for (var operation : List.of(Operation.OPERATION_RENEW, Operation.OPERATION_REVOKE)) {
      var call = plugin.call(operation, "", Map.of());
      call.setSecret(
          LeasedSecret.newBuilder()
              .setSecretType(secret.getSecretType())
              .setInternalDataJson(secret.getInternalDataJson())
              .setTtl(secret.getTtl())
              .setMaxTtl(secret.getMaxTtl())
              .setIssueTime(plugin.now()));
      plugin.ask(call);
    }
  }

  private static Result read(PlayedPlugin plugin, String path)
      throws IOException, InterruptedException {
    return plugin.ask(plugin.call(Operation.OPERATION_READ, path, DEMO));
  }

  private static void write(
      PlayedPlugin plugin, String path, Map<String, String> captures, Map<String, Object> fields)
      throws IOException, InterruptedException {
    plugin.ask(plugin.call(Operation.OPERATION_UPDATE, path, captures, fields));
  }
}
