package dev.genesysvault.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The simulated organisation as it is after every start. The mount's client ({@link #CLIENT_ID})
 * holds {@link #ROLE_ADMIN}, {@link #ROLE_INTEGRATIONS} and {@link #ROLE_ANALYST} in all divisions,
 * {@link #ROLE_READER} in {@link #DIVISION_SALES} and {@link #DIVISION_HOME}, and never {@link
 * #ROLE_PAYROLL}.
 */
public final class Seed {
  public static final String ORGANIZATION_ID = id("organization");
  public static final String ORGANIZATION_NAME = "Simulated Contact Centre";

  /** Of the organisation that {@link Knob#ORGANIZATION} turns this one into. */
  public static final String OTHER_ORGANIZATION_ID = id("organization/other");

  /** May do everything with OAuth clients, roles and grants. */
  public static final String ROLE_ADMIN = id("role/admin");

  public static final String ROLE_ANALYST = id("role/analyst");
  public static final String ROLE_READER = id("role/reader");

  /** Held by nobody but {@link #LIMITED_CLIENT_ID}. */
  public static final String ROLE_PAYROLL = id("role/payroll");

  /** May look at OAuth clients, and no more. */
  public static final String ROLE_LIMITED = id("role/limited");

  /** May look at what integrations log in with, and change it; held by the mount's client. */
  public static final String ROLE_INTEGRATIONS = id("role/integrations");

  public static final String DIVISION_HOME = id("division/home");
  public static final String DIVISION_SALES = id("division/sales");
  public static final String DIVISION_SUPPORT = id("division/support");
  public static final String DIVISION_HR = id("division/hr");

  /** The client that a mount is configured with. */
  public static final String CLIENT_ID = id("client/vault");

  /** Synthetic: it opens nothing but this simulator. */
  public static final String CLIENT_SECRET = "simulated-secret-of-the-vault-client";

  /** A client credentials client that somebody made by hand; a template for roles. */
  public static final String EXISTING_CLIENT_ID = id("client/existing");

  /** A client that may not do what a mount needs. */
  public static final String LIMITED_CLIENT_ID = id("client/limited");

  /** Synthetic: it opens nothing but this simulator. */
  public static final String LIMITED_CLIENT_SECRET = "simulated-secret-of-the-limited-client";

  /** A client of another grant type. */
  public static final String CODE_CLIENT_ID = id("client/code");

  /** What an integration logs in with as an OAuth client that somebody made by hand. */
  public static final String CREDENTIAL_ID = id("credential/crm");

  /** What another integration logs in with, of another type. */
  public static final String OTHER_CREDENTIAL_ID = id("credential/basic");

  private static final int FURTHER_DIVISIONS = 26;

  private Seed() {}

  static List<Division> divisions() {
    var divisions = new ArrayList<Division>();
    divisions.add(new Division(DIVISION_HOME, "Home", true));
    divisions.add(new Division(DIVISION_SALES, "Sales", false));
    divisions.add(new Division(DIVISION_SUPPORT, "Support", false));
    divisions.add(new Division(DIVISION_HR, "HR", false));
    for (int i = 1; i <= FURTHER_DIVISIONS; i++) {
      divisions.add(new Division(id("division/site-" + i), "Site " + i, false));
    }
    return List.copyOf(divisions);
  }

  static List<SimulatedRole> roles() {
    return List.of(
        new SimulatedRole(
            ROLE_ADMIN,
            "OAuth Administrator",
            List.of(
                new SimulatedRole.Policy("oauth", "client", Set.of("*")),
                new SimulatedRole.Policy("authorization", "*", Set.of("*")))),
        new SimulatedRole(
            ROLE_ANALYST,
            "Conversation Analyst",
            List.of(new SimulatedRole.Policy("analytics", "conversationDetail", Set.of("view")))),
        new SimulatedRole(
            ROLE_READER,
            "Routing Reader",
            List.of(new SimulatedRole.Policy("routing", "queue", Set.of("view")))),
        new SimulatedRole(
            ROLE_PAYROLL,
            "Payroll Auditor",
            List.of(new SimulatedRole.Policy("payroll", "statement", Set.of("view")))),
        new SimulatedRole(
            ROLE_LIMITED,
            "OAuth Viewer",
            List.of(new SimulatedRole.Policy("oauth", "client", Set.of("view")))),
        new SimulatedRole(
            ROLE_INTEGRATIONS,
            "Integration Editor",
            List.of(
                new SimulatedRole.Policy("integrations", "integration", Set.of("view", "edit")))));
  }

  static List<SimulatedCredential> credentials(Instant now) {
    return List.of(
        new SimulatedCredential(
            OTHER_CREDENTIAL_ID,
            "Ticket system",
            "basicAuth",
            Map.of("userName", "genesys", "password", "synthetic"),
            now),
        new SimulatedCredential(
            CREDENTIAL_ID,
            "CRM",
            "pureCloudOAuthClient",
            Map.of("clientId", EXISTING_CLIENT_ID, "clientSecret", "synthetic"),
            now));
  }

  static Map<String, Object> vaultClient() {
    return body(
        "Vault",
        "CLIENT-CREDENTIALS",
        List.of(
            pair(ROLE_ADMIN, "*"),
            pair(ROLE_INTEGRATIONS, "*"),
            pair(ROLE_ANALYST, "*"),
            pair(ROLE_READER, DIVISION_SALES),
            pair(ROLE_READER, DIVISION_HOME)));
  }

  static Map<String, Object> existingClient() {
    var body =
        body(
            "Wallboard",
            "CLIENT-CREDENTIALS",
            List.of(pair(ROLE_ANALYST, DIVISION_SUPPORT), pair(ROLE_READER, DIVISION_SALES)));
    body.put("announcedMember", Map.of("kept", true));
    return body;
  }

  static Map<String, Object> limitedClient() {
    return body(
        "Limited", "CLIENT-CREDENTIALS", List.of(pair(ROLE_LIMITED, "*"), pair(ROLE_PAYROLL, "*")));
  }

  static Map<String, Object> codeClient() {
    return body("Web application", "CODE", List.of());
  }

  private static Map<String, Object> body(
      String name, String grantType, List<Map<String, Object>> pairs) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    body.put("authorizedGrantType", grantType);
    body.put("accessTokenValiditySeconds", 86_400);
    body.put("roleDivisions", pairs);
    body.put("state", "active");
    return body;
  }

  private static Map<String, Object> pair(String roleId, String divisionId) {
    return Map.of("roleId", roleId, "divisionId", divisionId);
  }

  private static String id(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
