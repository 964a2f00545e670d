package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.Connected.failure;
import static dev.genesysvault.genesys.Connected.value;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.upstream.Grants;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlatformTest {
  private static final String REPLACED = "{\"id\":\"client-1\",\"state\":\"active\"}";

  private final Connected to = new Connected();

  @Test
  void sends_a_body_as_it_is_with_one_authorization() throws Exception {
    to.transport.on(Operation.CREATE.request(), reply(201, Connected.MADE));

    var made = value(to.genesys.clients().create(Connected.body(), to.soon())).credential();

    assertThat(made.id()).isEqualTo(Connected.ID);
    assertThat(made.secret().reveal()).isEqualTo("made-secret-5530");
    assertThat(Trees.parse(to.transport.last().body()))
        .isEqualTo(
            Trees.parse(
                """
                {"name":"vault-demo-1","accessTokenValiditySeconds":900,
                 "ipAllowlist":{"cidrs":["192.0.2.0/24"],"until":null},
                 "unset":null,"flag":false,"ratio":0.25,"large":9007199254740993}
                """
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(to.transport.last().headers())
        .containsEntry("Authorization", "Bearer token-1")
        .containsEntry("User-Agent", "vault-genesys-sidecar/1.2.3")
        .containsEntry("Content-Type", "application/json")
        .containsEntry("Accept", "application/json");
  }

  @Test
  void keeps_members_that_nobody_knows_from_get_to_put() throws Exception {
    to.transport
        .on(
            Operation.GET.request(),
            reply(
                200,
                """
                {"id":"client-1","name":"n","state":"active","secret":"never-sent-back",
                 "dateCreated":"2026-01-01T00:00:00Z","createdBy":{"id":"u"},"selfUri":"/x",
                 "authorizedGrantType":"SOMETHING-NEW","ipAllowlist":{"cidrs":["192.0.2.0/24"]},
                 "unset":null,"ratio":0.25,"large":9007199254740993}
                """))
        .on(
            Operation.REPLACE.request(),
            signed(200, "{\"id\":\"client-1\",\"state\":\"inactive\"}"));

    var found = value(to.genesys.clients().get(Connected.ID, to.soon()));
    var done = value(to.genesys.clients().replace(found.id(), found.body().inactive(), to.soon()));

    assertThat(done).isEqualTo(Done.DONE);
    assertThat(Trees.parse(to.transport.last().body()))
        .isEqualTo(
            Trees.parse(
                """
                {"name":"n","state":"inactive","authorizedGrantType":"SOMETHING-NEW",
                 "ipAllowlist":{"cidrs":["192.0.2.0/24"]},"unset":null,"ratio":0.25,
                 "large":9007199254740993}
                """
                    .getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"client-1\"}",
        "{\"secret\":\"s\"}",
        "{\"id\":\"client-1\",\"secret\":\"\"}",
        "{\"id\":\"../../x\",\"secret\":\"s\"}",
        "{\"id\":\"client-1\",\"secret\":\"s\""
      })
  void a_create_without_id_or_secret_may_have_happened(String body) throws Exception {
    to.transport.on(Operation.CREATE.request(), reply(200, body, "ININ-Correlation-Id", "cid-1"));

    assertThat(failure(Operation.CREATE.run(to)))
        .isEqualTo(
            new Unknown(Operation.CREATE.template(), "HTTP 200 without a readable body", "cid-1"));
  }

  @Test
  void does_not_take_another_client_for_the_one_that_was_asked_for() throws Exception {
    for (var operation : List.of(Operation.GET, Operation.REPLACE, Operation.REGENERATE)) {
      to.transport.on(operation.request(), reply(200, "{\"id\":\"client-2\",\"secret\":\"s\"}"));

      assertThat(failure(operation.run(to))).isInstanceOf(Unavailable.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204})
  void a_2xx_of_genesys_to_a_delete_is_a_success(int status) throws Exception {
    to.transport.on(Operation.DELETE.request(), signed(status, ""));

    assertThat(value(Operation.DELETE.run(to))).isEqualTo(Done.DONE);
    assertThat(to.transport.lastBody()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void a_2xx_without_genesys_correlation_id_only_claims(int status) throws Exception {
    to.transport.on(Operation.DELETE.request(), reply(status, ""));
    to.transport.on(Operation.REPLACE.request(), reply(status, ""));
    to.transport.on(Operation.REPLACE.request(), reply(200, REPLACED));

    assertThat(value(Operation.DELETE.run(to))).isEqualTo(Done.CLAIMED);
    assertThat(value(Operation.REPLACE.run(to))).isEqualTo(Done.CLAIMED);
    assertThat(value(Operation.REPLACE.run(to))).isEqualTo(Done.CLAIMED);
  }

  @Test
  void genesys_promise_to_do_it_is_a_claim_as_well() throws Exception {
    to.transport.on(Operation.DELETE.request(), signed(202, ""));
    to.transport.on(Operation.REPLACE.request(), signed(202, "{\"id\":\"job-1\"}"));
    to.transport.on(Operation.REPLACE.request(), signed(202, REPLACED));

    assertThat(value(Operation.DELETE.run(to))).isEqualTo(Done.CLAIMED);
    assertThat(value(Operation.REPLACE.run(to))).isEqualTo(Done.CLAIMED);
    assertThat(value(Operation.REPLACE.run(to))).isEqualTo(Done.CLAIMED);
  }

  @Test
  void a_replaced_client_that_shows_another_state_is_a_claim() throws Exception {
    to.transport.on(Operation.REPLACE.request(), signed(200, REPLACED));
    to.transport.on(Operation.REPLACE.request(), signed(200, REPLACED));

    var inactive = Connected.body().inactive();
    assertThat(value(to.genesys.clients().replace(Connected.ID, inactive, to.soon())))
        .isEqualTo(Done.CLAIMED);
    assertThat(value(Operation.REPLACE.run(to))).isEqualTo(Done.DONE);
  }

  @Test
  void shows_what_genesys_made_of_the_body_and_under_which_correlation_id() throws Exception {
    to.transport.on(Operation.CREATE.request(), signed(200, Connected.MADE));

    var made = value(to.genesys.clients().create(Connected.body(), to.soon()));

    assertThat(made.body())
        .isEqualTo(Trees.clientBody(Trees.parse(Connected.MADE.getBytes(StandardCharsets.UTF_8))));
    assertThat(made.correlationId()).isEqualTo("cid-signed");
    assertThat(made.toString()).doesNotContain("made-secret-5530");
  }

  private static ScriptedTransport.Answer signed(int status, String body) {
    return reply(status, body, "ININ-Correlation-Id", "cid-signed");
  }

  @Test
  void regenerates_a_secret_without_a_body() throws Exception {
    to.transport.on(Operation.REGENERATE.request(), reply(200, Connected.MADE));

    var fresh = value(to.genesys.clients().regenerateSecret(Connected.ID, to.soon())).credential();

    assertThat(fresh.secret().reveal()).isEqualTo("made-secret-5530");
    assertThat(to.transport.lastBody()).isEmpty();
  }

  @Test
  void reads_grants_as_pairs_and_policies() throws Exception {
    to.transport.on(
        Operation.OWN_GRANTS.request(),
        reply(
            200,
            """
            {"id":"own-client","grants":[
              {"role":{"id":"role-1","policies":[
                {"domain":"oauth","entityName":"client","actions":["add","view"]}]},
               "division":{"id":"*"}},
              {"role":{"id":"role-2"},"division":{"id":"div-1"}},
              {"role":{"id":"role-3"}}]}
            """));

    assertThat(value(to.genesys.directory().ownGrants(to.soon())))
        .isEqualTo(
            new Grants(
                Set.of(new RoleDivision("role-1", "*"), new RoleDivision("role-2", "div-1")),
                List.of(new Grants.Policy("oauth", "client", Set.of("add", "view")))));
  }

  @Test
  void reads_organization_and_home_division() throws Exception {
    to.transport
        .on(Operation.ORGANIZATION.request(), reply(200, "{\"id\":\"org-1\",\"name\":\"Acme\"}"))
        .on(Operation.HOME_DIVISION.request(), reply(200, "{\"id\":\"div-home\"}"));

    assertThat(value(Operation.ORGANIZATION.run(to))).isEqualTo(new Organization("org-1", "Acme"));
    assertThat(value(Operation.HOME_DIVISION.run(to))).isEqualTo("div-home");
  }

  @Test
  void reaches_both_origins_behind_a_gateways_path_and_port() throws Exception {
    var gateway =
        new Connected(
            new SystemLocks(),
            new FakeTime(),
            "https://gw.example.test:8443/genesys/api",
            "http://127.0.0.1:9000/genesys/login",
            1);
    gateway
        .transport
        .on(
            "POST /genesys/login/oauth/token",
            reply(200, "{\"access_token\":\"t\",\"expires_in\":60}"))
        .on("DELETE /genesys/api/api/v2/oauth/clients/client-1", reply(204, ""));

    value(gateway.genesys.clients().delete(Connected.ID, gateway.soon()));

    assertThat(gateway.transport.requests())
        .extracting(request -> request.uri().toString())
        .containsExactly(
            "http://127.0.0.1:9000/genesys/login/oauth/token",
            "https://gw.example.test:8443/genesys/api/api/v2/oauth/clients/client-1");
  }

  @Test
  void passes_an_interruption_on_instead_of_an_outcome() {
    to.transport.on(
        Operation.CREATE.request(),
        _ -> {
          throw new InterruptedException();
        });

    assertThatThrownBy(() -> Operation.CREATE.run(to)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void an_empty_body_is_a_body() throws Exception {
    to.transport.on(Operation.REPLACE.request(), reply(200, "{\"id\":\"client-1\"}"));

    value(to.genesys.clients().replace(Connected.ID, new ClientBody(Map.of()), to.soon()));

    assertThat(to.transport.lastBody()).isEqualTo("{}");
  }
}
