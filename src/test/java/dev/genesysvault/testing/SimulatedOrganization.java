package dev.genesysvault.testing;

import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatorServer;
import java.util.Map;

/** What an operator writes to make a mount work in a simulated organisation. */
public final class SimulatedOrganization {
  /** A role in a division that the mount's client holds. */
  public static final String HELD_PAIR = Seed.ROLE_READER + ":" + Seed.DIVISION_SALES;

  private SimulatedOrganization() {}

  /** Returns the fields of {@code config}. */
  public static Map<String, Object> config(SimulatorServer simulator) {
    return config(simulator, Seed.CLIENT_ID, Seed.CLIENT_SECRET);
  }

  /** Returns the fields of {@code config} where it is known by other addresses. */
  public static Map<String, Object> config(String apiUrl, String loginUrl) {
    return config(apiUrl, loginUrl, Seed.CLIENT_ID, Seed.CLIENT_SECRET);
  }

  /** Returns the fields of {@code config} for another client. */
  public static Map<String, Object> config(
      SimulatorServer simulator, String clientId, String clientSecret) {
    return config(
        simulator.apiUrl().toString(), simulator.loginUrl().toString(), clientId, clientSecret);
  }

  private static Map<String, Object> config(
      String apiUrl, String loginUrl, String clientId, String clientSecret) {
    return Map.of(
        "api_url",
        apiUrl,
        "login_url",
        loginUrl,
        "client_id",
        clientId,
        "client_secret",
        clientSecret);
  }
}
