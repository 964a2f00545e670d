package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Static credentials that are sent to another Vault, and read there; and what goes wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class SentElsewhereTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int ROTATIONS = Integer.getInteger("destinations.rotations", 3);

  /** The shortest: other tests fill it. */
  private static final Duration DRIFT_CHECK = Duration.ofMinutes(1);

  private static final int WHEN_A_MINUTE_HAS_GONE = Integer.MAX_VALUE - 1;

  /** A sidecar that has just started takes up to an hour for its first looks at entries. */
  private static final int AT_THE_END = Integer.MAX_VALUE;

  private final Stack stack;
  private final OtherVault other;
  private final SteadyRoles roles;
  private String shown = "";
  private String repaired = "";
  private long overwritten;

  SentElsewhereTest(@TempDir Path folder) throws Exception {
    stack = Stack.startHasty(folder);
    other = OtherVault.start(Files.createDirectory(folder.resolve("other")));
    roles = new SteadyRoles(stack);
  }

  @BeforeAll
  void mount() throws Exception {
    stack.mountReady("genesys");
    var looked = DRIFT_CHECK.toSeconds();
    shown = sentTo(destination("shown", "drift_check", looked), "apps/shown");
    repaired =
        sentTo(
            destination("repaired", "drift_check", looked, "auto_repair", true), "apps/repaired");
    other.overwrite("apps/shown");
    other.overwrite("apps/repaired");
    overwritten = System.nanoTime();
  }

  @AfterEach
  void heal() throws Exception {
    other.resume();
    stack.ensureSidecar();
  }

  @AfterAll
  void stop() {
    other.close();
    stack.close();
  }

  /** Writes a destination that may do all it needs below {@code apps}; returns its name. */
  private String destination(String name, Object... fields) throws Exception {
    var body = other.admit(name, OtherVault.ENOUGH);
    for (int i = 0; i < fields.length; i += 2) {
      body.put((String) fields[i], fields[i + 1]);
    }
    stack.http.must("genesys/destinations/" + name, body);
    return name;
  }

  private static Map<String, Object> entry(String destination, String name) {
    return Map.of("destination", destination, "name", name);
  }

  /** Writes a static role that goes to one entry, and is rotated by hand alone. */
  private String sentTo(String destination, String entry) throws Exception {
    return roles.written(
        "rotation_period",
        "30d",
        "grace_period",
        "20m",
        "destinations",
        List.of(entry(destination, entry)));
  }

  private Map<String, String> held(String entry) throws IOException, InterruptedException {
    return VaultHttp.credential(other.held(entry));
  }

  private JsonNode delivery(String role) throws Exception {
    return roles.status(role).path("destinations").path(0);
  }

  private JsonNode resend(String role) throws Exception {
    return stack.http.must("genesys/static-roles/" + role + "/resend", Map.of());
  }

  private void awaitHeld(String entry, String role) throws Exception {
    Eventually.is(
        entry + " holds what readers of Vault get",
        PATIENCE,
        () -> held(entry).equals(roles.credential(role)));
  }

  /** Returns what an entry gives, by the names of the template, or by those that need none. */
  private Map<String, String> read(String entry) throws IOException, InterruptedException {
    var data = other.held(entry);
    return data.has("user")
        ? Map.of(
            "client_id", data.path("user").asText(),
            "client_secret", data.path("login").path("password").asText())
        : VaultHttp.credential(data);
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void rotations_are_read_there_by_an_application_that_obeys_nothing() throws Exception {
    var kv = destination("steady");
    var role =
        roles.written(
            "rotation_period",
            "9s",
            "grace_period",
            "4s",
            "stagger",
            "0s",
            "destinations",
            List.of(
                entry(kv, "apps/steady"),
                Map.of(
                    "destination",
                    kv,
                    "name",
                    "apps/by-template",
                    "template",
                    Map.of(
                        "user",
                        "{{client_id}}",
                        "login",
                        Map.of("password", "{{client_secret}}")))));
    try (var reader =
        new ReaderElsewhere(
            stack,
            Map.of(
                "apps/steady",
                () -> read("apps/steady"),
                "apps/by-template",
                () -> read("apps/by-template")))) {
      Eventually.is(
          ROTATIONS + " rotations",
          Duration.ofSeconds(30L + 20L * ROTATIONS),
          () -> reader.rotations() >= ROTATIONS);
      stack.http.must("genesys/static-roles/" + role, Map.of("rotation_period", "30d"));
      roles.awaitNothingElse(role);

      System.out.printf(
          "%d rotations read at another %s, %d log-ins, %d failures%n",
          reader.rotations(), ServerKind.current(), reader.logIns(), reader.failures().size());
      assertThat(reader.failures()).isEmpty();
      assertThat(reader.logIns()).isGreaterThan(50 * ROTATIONS);
    }
    var present = roles.credential(role);
    assertThat(held("apps/steady")).isEqualTo(present);
    var byTemplate = other.held("apps/by-template");
    assertThat(byTemplate.path("user").asText()).isEqualTo(present.get("client_id"));
    assertThat(byTemplate.path("login").path("password").asText())
        .isEqualTo(present.get("client_secret"));
    roles.delete(role);
  }

  @Test
  @Order(AT_THE_END)
  void a_rotation_goes_on_that_met_a_server_that_hangs_and_a_sidecar_that_died() throws Exception {
    var role = sentTo(destination("hung"), "apps/hung");
    var former = roles.credential(role);
    assertThat(held("apps/hung")).isEqualTo(former);
    other.suspend();

    var answer = stack.http.must("genesys/rotate-role/" + role, Map.of());

    assertThat(answer.path("data").path("rotated").asBoolean()).isFalse();
    System.out.printf("the other server hangs: %s%n", answer.path("warnings").path(0).asText());
    assertThat(answer.path("warnings").toString())
        .contains("not rotated yet", "is being sent to destinations", "destination hung/apps/hung");
    stack.killSidecar();
    stack.startSidecar();
    stack.awaitSidecar();
    Eventually.is(
        "the next sidecar has tried, too",
        PATIENCE,
        () -> !delivery(role).path("last_error").asText().isEmpty());
    assertThat(roles.credential(role)).isEqualTo(former);
    assertThat(roles.status(role).path("phase").asText()).isEqualTo("created");

    other.resume();

    Eventually.is("it is rotated", PATIENCE, () -> !roles.credential(role).equals(former));
    assertThat(held("apps/hung")).isEqualTo(roles.credential(role));
    assertThat(delivery(role).path("state").asText()).isEqualTo("confirmed");
    assertThat(stack.logsIn(roles.credential(role))).isTrue();
    assertThat(stack.logsIn(former)).isTrue();
  }

  @Test
  void a_permission_that_is_missing_is_named_and_once_granted_resend_need_not_wait()
      throws Exception {
    var readOnly =
        """
        path "kv/data/apps/*" { capabilities = ["read"] }
        """;
    stack.http.must("genesys/destinations/poor", other.admit("poor", readOnly));

    var check =
        stack
            .http
            .must("genesys/destinations/poor/check", Map.of("name", "apps/poor"))
            .path("data");

    assertThat(check.path("ok").asBoolean()).isFalse();
    assertThat(check.path("checks").toString())
        .contains("kv/data/apps/poor: create, update")
        .contains("kv/metadata/apps/poor: read");
    // One that readers have already, and one that has no client yet.
    var old = roles.written();
    stack.http.must(
        "genesys/static-roles/" + old, Map.of("destinations", List.of(entry("poor", "apps/poor"))));
    var fresh = sentTo("poor", "apps/poor-too");
    for (var role : List.of(old, fresh)) {
      Eventually.is(
          "what is missing is shown",
          PATIENCE,
          () -> !delivery(role).path("last_error").asText().isEmpty());
      assertThat(delivery(role).path("state").asText()).isEqualTo("failing");
      assertThat(delivery(role).path("last_error").asText())
          .contains("permission denied", "kv/data/apps/poor", "create, update, read");
    }
    System.out.printf("no permission: %s%n", delivery(old).path("last_error").asText());
    assertThat(stack.http.get("genesys/static-creds/" + fresh).status()).isNotEqualTo(200);

    other.allow("poor", OtherVault.ENOUGH);

    for (var role : List.of(old, fresh)) {
      var answer = resend(role);
      assertThat(answer.path("warnings")).isEmpty();
      assertThat(answer.path("data").path("destinations").path(0).path("state").asText())
          .isEqualTo("confirmed");
    }
    assertThat(held("apps/poor")).isEqualTo(roles.credential(old));
    awaitHeld("apps/poor-too", fresh);
    assertThat(
            stack
                .http
                .must("genesys/destinations/poor/check", Map.of("name", "apps/poor"))
                .path("data")
                .path("ok")
                .asBoolean())
        .isTrue();
  }

  @Test
  void an_emergency_waits_for_nobody() throws Exception {
    var role = sentTo(destination("urgent"), "apps/urgent");
    var leaked = roles.credential(role);
    other.suspend();
    long asked = System.nanoTime();

    var answer = roles.rotate(role, "emergency");

    System.out.printf(
        "an emergency with the other server hanging: %.1f s%n", (System.nanoTime() - asked) / 1e9);
    assertThat(answer.path("rotated").asBoolean()).isTrue();
    assertThat(answer.path("leaked_client_active").asBoolean()).isFalse();
    assertThat(answer.path("destinations_behind").toString()).isEqualTo("[\"urgent/apps/urgent\"]");
    assertThat(stack.logsIn(leaked)).isFalse();
    assertThat(stack.logsIn(roles.credential(role))).isTrue();

    other.resume();

    awaitHeld("apps/urgent", role);
    Eventually.is(
        "it is confirmed",
        PATIENCE,
        () -> delivery(role).path("state").asText().equals("confirmed"));
  }

  @Test
  void what_somebody_overwrote_is_put_right_at_a_word() throws Exception {
    var role = sentTo(destination("mended"), "apps/mended");
    other.overwrite("apps/mended");

    var answer = resend(role);

    assertThat(answer.path("warnings")).isEmpty();
    var sent = answer.path("data").path("destinations").path(0);
    assertThat(sent.path("state").asText()).isEqualTo("confirmed");
    assertThat(sent.path("version").asText()).isEqualTo("3");
    assertThat(held("apps/mended")).isEqualTo(roles.credential(role));
  }

  @Test
  @Order(WHEN_A_MINUTE_HAS_GONE)
  void what_somebody_overwrote_is_seen_and_put_right() throws Exception {
    var credential = roles.credential(repaired);
    Eventually.is(
        "it has been written again",
        PATIENCE.plus(DRIFT_CHECK),
        () ->
            other
                .held("apps/repaired")
                .path("client_id")
                .asText()
                .equals(credential.get("client_id")));
    assertThat(held("apps/repaired")).isEqualTo(credential);
    Eventually.is(
        "it shows as drifted",
        PATIENCE,
        () -> delivery(shown).path("state").asText().equals("drifted"));
    System.out.printf(
        "what was overwritten shows so after at most %.0f s%n",
        (System.nanoTime() - overwritten) / 1e9);
    assertThat(other.held("apps/shown").has("client_secret")).isFalse();

    assertThat(resend(shown).path("warnings")).isEmpty();
    assertThat(held("apps/shown")).isEqualTo(roles.credential(shown));
    assertThat(delivery(shown).path("state").asText()).isEqualTo("confirmed");
  }

  @Test
  void a_deleted_role_takes_along_what_is_to_go() throws Exception {
    var gone = destination("gone", "on_delete", "delete");
    var kept = destination("kept");
    var role =
        roles.written("destinations", List.of(entry(gone, "apps/gone"), entry(kept, "apps/kept")));
    var credential = roles.credential(role);
    assertThat(held("apps/gone")).isEqualTo(credential);

    roles.delete(role);

    Eventually.is("the entry is deleted", PATIENCE, () -> other.holdsNothing("apps/gone"));
    assertThat(held("apps/kept")).isEqualTo(credential);
    assertThat(stack.logsIn(credential)).isFalse();
  }

  @Test
  void no_secret_is_shown_or_logged() throws Exception {
    var secrets = new LinkedHashSet<String>();
    var role = sentTo(destination("discreet"), "apps/discreet");
    secrets.add(roles.credential(role).getOrDefault("client_secret", ""));
    var wrong = "a-secret-of-nobody";
    stack.http.must("genesys/destinations/discreet", Map.of("secret_id", wrong));
    assertThat(roles.rotate(role).path("rotated").asBoolean()).isFalse();
    secrets.addAll(other.secretIds());
    secrets.add(wrong);
    var texts = new ArrayList<String>();
    texts.add(
        stack
            .http
            .must("genesys/destinations/discreet/check", Map.of("name", "apps/discreet"))
            .toString());
    texts.add(roles.status(role).toString());
    stack.http.must(
        "genesys/destinations/discreet", Map.of("secret_id", other.secretIds().getLast()));
    awaitHeld("apps/discreet", role);
    secrets.add(roles.credential(role).getOrDefault("client_secret", ""));
    for (var path :
        List.of("destinations/discreet", "destinations?list=true", "static-roles/" + role)) {
      texts.add(stack.http.data("genesys/" + path).toString());
    }
    texts.add(roles.status(role).toString());
    texts.add(stack.logs());

    assertThat(texts.get(1)).contains("write a new secret_id");
    assertThat(texts.getLast()).contains("discreet/apps/discreet");
    assertThat(secrets).hasSizeGreaterThan(3).doesNotContain("");
    for (var text : texts) {
      assertThat(text).doesNotContain(secrets);
    }
  }
}
