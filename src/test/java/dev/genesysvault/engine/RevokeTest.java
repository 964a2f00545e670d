package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static dev.genesysvault.engine.Replies.secret;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Organization;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.storage.StorageException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Vault is told of a revoke depends on much; that the client has to go from then on does not.
 */
@Timeout(60)
final class RevokeTest {
  private final EngineHarness vault = new EngineHarness();
  private Map<String, Object> lease = Map.of();
  private Thread session = new Thread(() -> {});

  /** What keeps a revoke from being left for later. */
  enum Told {
    STRICT,
    TAINTED,
    NOBODY_KNOWS_WHETHER_TAINTED;

    void apply(EngineHarness vault) throws InterruptedException {
      switch (this) {
        case STRICT -> {
          var _ = vault.write("config", Map.of(), Map.of("revocation", "strict"));
        }
        case TAINTED -> vault.tainted = Optional.of(true);
        case NOBODY_KNOWS_WHETHER_TAINTED -> vault.tainted = Optional.empty();
      }
    }
  }

  @BeforeEach
  void issue() throws InterruptedException {
    vault.ready();
    lease = new LinkedHashMap<>(secret(vault.readAs("r-1", "demo")).internalData());
    vault.genesys.forgetCalls();
    vault.storage.forgetOperations();
  }

  @AfterEach
  void end() throws InterruptedException {
    session.interrupt();
    session.join();
  }

  @ParameterizedTest
  @EnumSource(Told.class)
  void one_that_fails_for_vault_goes_on_in_the_background(Told told) throws Exception {
    told.apply(vault);
    vault.genesys.beAway("replace").beAway("replace").beAway("replace");

    assertThat(refusal(revoke(), 502))
        .contains("goes on in the background", "genesys/clients/" + key());
    assertThat(state()).isEqualTo("retiring");

    session = vault.attend();
    eventually(() -> vault.genesys.held().isEmpty());
    eventually(() -> vault.storage.text("clients/" + key()).isEmpty());
    assertThat(revoke()).isEqualTo(new Reply.Nothing());
  }

  @ParameterizedTest
  @EnumSource(Told.class)
  void is_written_down_before_genesys_is_asked(Told told) throws Exception {
    told.apply(vault);
    var states = new CopyOnWriteArrayList<String>();
    vault.genesys.doAt("replace", () -> states.add(vault.storage.text("clients/" + key())));

    assertThat(revoke()).isEqualTo(new Reply.Nothing());

    assertThat(states).singleElement().asString().contains("\"retiring\"");
    assertThat(vault.genesys.calls()).endsWith("replace", "delete");
    assertThat(vault.storage.text("clients/" + key())).isEmpty();
  }

  @Test
  void promises_no_further_try_of_vault_to_whom_asked_strictly() throws Exception {
    Told.STRICT.apply(vault);
    vault.genesys.refuse("replace", 403, "not.authorized");

    assertThat(refusal(revoke(), 502))
        .contains("must itself hold every role", "unless this revoke was one with -sync")
        .doesNotContain("Vault tries again");
  }

  @Test
  void says_to_whom_disables_a_mount_that_it_stops_here() throws Exception {
    Told.TAINTED.apply(vault);
    vault.genesys.refuse("replace", 403, "not.authorized");

    assertThat(refusal(revoke(), 502)).contains("stops disabling", "begin it again");
  }

  @Test
  void of_a_client_that_genesys_does_not_show_yet_goes_on_too() throws Exception {
    Told.STRICT.apply(vault);
    vault.genesys.refuse("replace", 404, "not.found");

    assertThat(refusal(revoke(), 503)).contains("may not show yet", "goes on in the background");

    assertThat(state()).isEqualTo("retiring");
  }

  static Stream<Runnable> bugs() {
    return Stream.of(
        () -> {
          throw new IllegalStateException("told to");
        },
        () -> {
          throw new StackOverflowError("told to");
        },
        () -> {
          throw new NoClassDefFoundError("told to");
        },
        () -> {
          throw new InternalError("told to");
        },
        () -> {
          throw new AssertionError("told to");
        });
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void that_meets_a_bug_is_left_to_the_background(Runnable bug) throws Exception {
    vault.genesys.doAt("replace", bug);

    assertThat(revoke()).isEqualTo(new Reply.Nothing());

    assertThat(state()).isEqualTo("retiring");
    session = vault.attend();
    eventually(() -> vault.genesys.held().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void that_meets_a_bug_after_the_deactivation_is_left_to_the_background(Runnable bug)
      throws Exception {
    vault.genesys.doAt("delete", bug);

    assertThat(revoke()).isEqualTo(new Reply.Nothing());

    assertThat(state()).isEqualTo("retiring");
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void that_meets_a_bug_and_must_not_be_left_says_both(Runnable bug) throws Exception {
    Told.STRICT.apply(vault);
    vault.genesys.doAt("replace", bug);

    assertThat(refusal(revoke(), 500)).contains("internal error", "goes on in the background");

    assertThat(state()).isEqualTo("retiring");
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void that_meets_a_bug_before_its_mount_can_act_is_left_to_the_background(Runnable bug)
      throws Exception {
    vault.write("config", Map.of(), Map.of("verify_connection", false, "client_secret", "n3w"));
    vault.genesys.doAt("organization", bug);

    assertThat(revoke()).isEqualTo(new Reply.Nothing());

    assertThat(state()).isEqualTo("retiring");
  }

  @ParameterizedTest
  @EnumSource(Told.class)
  void that_could_not_be_written_down_is_not_forgotten_while_a_session_is_open(Told told)
      throws Exception {
    session = vault.attend();
    eventually(() -> Boolean.TRUE.equals(queues().get("loaded")));
    told.apply(vault);
    vault.storage.failWhen(Kind.OTHER, ("put clients/" + key())::equals);

    assertThat(refusal(revoke(), 500)).contains("storage failed");
    assertThat(vault.genesys.calls()).doesNotContain("replace");
    vault.storage.failWhen(Kind.OTHER, _ -> false);

    eventually(() -> {
      vault.time.advance(Duration.ofSeconds(30));
      return vault.genesys.held().isEmpty();
    });
  }

  @ParameterizedTest
  @EnumSource(Told.class)
  void of_a_mount_whose_configuration_is_gone_is_written_down(Told told) throws Exception {
    told.apply(vault);
    vault.serve("config", Operation.DELETE, Map.of(), Map.of("force", true));

    var _ = revoke();

    assertThat(state()).isEqualTo("retiring");
  }

  @Test
  void of_a_mount_whose_configuration_cannot_be_read_is_written_down() throws Exception {
    vault.storage.put("config", "{".getBytes(StandardCharsets.UTF_8));

    assertThat(revoke()).isEqualTo(new Reply.Nothing());

    assertThat(state()).isEqualTo("retiring");
  }

  @ParameterizedTest
  @EnumSource(Told.class)
  void of_a_client_in_another_organisation_waits_for_an_operator(Told told) throws Exception {
    told.apply(vault);
    vault.genesys.become(new Organization("org-2", "Other"));
    vault.write("config", Map.of(), Map.of("force", true));

    assertThat(refusal(revoke(), 500)).contains("lives in organisation org-1");

    assertThat(state()).isEqualTo("stuck");
  }

  @Test
  void of_a_read_only_node_changes_nothing_and_is_forwarded() throws Exception {
    Told.STRICT.apply(vault);
    vault.storage.failWhen(Kind.READ_ONLY, operation -> operation.startsWith("put "));

    assertThat(revoke()).isEqualTo(new Reply.ReadOnly());

    assertThat(vault.genesys.held()).hasSize(1);
  }

  private Reply revoke() throws InterruptedException {
    return vault.onLease(Operation.REVOKE, lease, Duration.ZERO);
  }

  private String key() {
    return String.valueOf(lease.get("key"));
  }

  private String state() throws InterruptedException {
    return String.valueOf(data(vault.read("clients/key", Map.of("key", key()))).get("state"));
  }

  private Map<?, ?> queues() throws InterruptedException {
    return (Map<?, ?>) Objects.requireNonNull(data(vault.read("status", Map.of())).get("queues"));
  }

  private static void eventually(Callable<Boolean> question) throws Exception {
    while (!question.call()) {
      Thread.sleep(Duration.ofMillis(2));
    }
  }
}
