package dev.genesysvault.simulation;

import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import dev.genesysvault.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes clients in an organisation that no mount made. */
final class Strangers {
  /** What a client that is to be copied may do. */
  private static final List<Map<String, Object>> TWO_PAIRS =
      List.of(
          Map.of("roleId", Seed.ROLE_READER, "divisionId", Seed.DIVISION_SALES),
          Map.of("roleId", Seed.ROLE_READER, "divisionId", Seed.DIVISION_HOME));

  private final SimulatedGenesys genesys;

  Strangers(SimulatedGenesys genesys) {
    this.genesys = genesys;
  }

  /** Makes one that looks as it is told to; returns it with its secret, as Genesys does. */
  Map<String, Object> made(String name, String description) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    body.put("description", description);
    body.put("authorizedGrantType", "CLIENT-CREDENTIALS");
    body.put("roleDivisions", List.of(TWO_PAIRS.getFirst()));
    return made(body);
  }

  /** Makes one with two divisions, and with a member that nobody here knows. */
  Map<String, Object> original(String name) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    body.put("description", "made by hand");
    body.put("authorizedGrantType", "CLIENT-CREDENTIALS");
    body.put("accessTokenValiditySeconds", 28_800);
    body.put("ipAllowlist", List.of("192.0.2.0/24"));
    body.put("roleDivisions", TWO_PAIRS);
    return made(body);
  }

  private Map<String, Object> made(Map<String, Object> body) {
    var made =
        genesys.handle(
            new SimulatedRequest(
                Origin.API,
                "POST",
                "/api/v2/oauth/clients",
                "",
                Map.of("Authorization", "Bearer " + token()),
                Json.write(body)));
    if (made.status() / 100 != 2) {
      throw new IllegalStateException("a foreign client was not made: " + made);
    }
    return Json.read(made.body());
  }

  private String token() {
    var pair = Seed.CLIENT_ID + ":" + Seed.CLIENT_SECRET;
    var basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    var token =
        genesys.handle(
            new SimulatedRequest(
                Origin.LOGIN,
                "POST",
                "/oauth/token",
                "",
                Map.of("Authorization", "Basic " + basic),
                "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8)));
    return String.valueOf(Json.read(token.body()).get("access_token"));
  }
}
