package dev.genesysvault.destination.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.destination.Value;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.MountOrganization;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upstream.Grants;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What integrations of the mount's own organisation log in with. */
final class IntegrationCredentialTest {
  private static final String ENTRY = "0a1b2c3d-1111-2222-3333-444455556666";
  private static final String OTHER = "aaaaaaaa-1111-2222-3333-444455556666";
  private static final String CLIENT = "cccccccc-1111-2222-3333-444455556666";
  private static final Endpoint HERE = Endpoint.of("mypurecloud.de");
  private static final Value VALUE =
      new Value(
          Map.of(
              "client_id",
              CLIENT,
              "client_secret",
              "s3cret-1",
              "api_url",
              "https://api.mypurecloud.de",
              "login_url",
              "https://login.mypurecloud.de"));

  private final FakeTime time = new FakeTime();
  private final FakeGenesys genesys = new FakeGenesys(time::now);
  private final IntegrationCredentialKind kind = new IntegrationCredentialKind();
  private final Destination destination = kind.open(Map.of());

  @BeforeEach
  void held() {
    genesys.integrations().hold(ENTRY, "CRM", "pureCloudOAuthClient");
    genesys.grant(grants("view", "edit"));
  }

  private static Grants grants(String... actions) {
    return new Grants(
        Set.of(), List.of(new Grants.Policy("integrations", "integration", Set.of(actions))));
  }

  private Errand errand() {
    return errand(HERE);
  }

  private Errand errand(Endpoint endpoint) {
    var deadline = Deadline.in(Duration.ofSeconds(20), time);
    return new Errand(
        Errand.id("test"),
        deadline,
        () ->
            new Found.Reached(
                new MountOrganization(genesys, endpoint, new CallContext(Lane.ROTATE, deadline))));
  }

  private Sent send() throws InterruptedException {
    return destination.send(ENTRY, VALUE, errand());
  }

  private String sent() throws InterruptedException {
    assertThat(send()).isInstanceOf(Sent.Confirmed.class);
    return genesys.integrations().modified(ENTRY);
  }

  private Seen look(String version) throws InterruptedException {
    return destination.look(ENTRY, version, VALUE, errand());
  }

  private DestinationFailure failure() throws InterruptedException {
    return failure(send());
  }

  private static DestinationFailure failure(Sent sent) {
    assertThat(sent).isInstanceOf(Sent.Failed.class);
    var failure = ((Sent.Failed) sent).failure();
    assertThat(failure.why().text()).doesNotContain("s3cret");
    return failure;
  }

  @Test
  void it_holds_the_client_and_keeps_its_name_and_type() throws Exception {
    var sent = send();

    assertThat(sent).isEqualTo(new Sent.Confirmed(genesys.integrations().modified(ENTRY)));
    var login = genesys.integrations().login(ENTRY).orElseThrow();
    assertThat(login.id().value()).isEqualTo(CLIENT);
    assertThat(login.secret().reveal()).isEqualTo("s3cret-1");
    assertThat(genesys.integrations().nameAndType(ENTRY)).isEqualTo("CRM pureCloudOAuthClient");
    assertThat(genesys.calls())
        .containsExactly("getCredential", "replaceCredential", "getCredential");
  }

  @Test
  void since_its_secret_is_not_shown_each_sending_writes() throws Exception {
    genesys.integrations().show(true, true);
    var first = sent();

    assertThat(sent()).isNotEqualTo(first);
  }

  @Test
  void a_lost_answer_is_a_failure_of_all_and_the_next_sending_succeeds() throws Exception {
    genesys.loseReply("replaceCredential", true);

    assertThat(failure().extent()).isEqualTo(Extent.DESTINATION);
    assertThat(send()).isInstanceOf(Sent.Confirmed.class);
  }

  @Test
  void it_is_as_sent_as_long_as_nobody_else_changes_it() throws Exception {
    var version = sent();
    assertThat(look(version)).isEqualTo(new Seen.AsSent());
    assertThat(genesys.calls()).endsWith("getCredential", "listCredentials");

    genesys.integrations().overwrite(ENTRY, OTHER);

    assertThat(look(version))
        .isEqualTo(
            new Seen.Otherwise(
                "it was modified at %s by somebody else"
                    .formatted(genesys.integrations().modified(ENTRY))));
    genesys.integrations().show(false, true);
    assertThat(look(version)).isEqualTo(new Seen.Otherwise("it names client " + OTHER));
    genesys.integrations().lose(ENTRY);
    assertThat(look(version)).isEqualTo(new Seen.Otherwise("it was deleted"));
  }

  @Test
  void the_list_is_not_asked_where_the_credential_itself_shows_its_time() throws Exception {
    var version = sent();
    genesys.integrations().show(true, false);

    assertThat(look(version)).isEqualTo(new Seen.AsSent());
    assertThat(genesys.calls()).doesNotContain("listCredentials");
  }

  @Test
  void the_same_time_written_otherwise_is_the_same() throws Exception {
    var version = sent();

    assertThat(look(version.replace("Z", ".000Z"))).isEqualTo(new Seen.AsSent());
  }

  @Test
  void where_no_time_is_shown_there_is_nothing_to_compare() throws Exception {
    var version = sent();
    genesys.integrations().listNone();

    assertThat(look(version)).isEqualTo(new Seen.AsSent());
  }

  @Test
  void it_is_never_taken_away() throws Exception {
    var version = sent();
    genesys.forgetCalls();

    assertThat(destination.remove(ENTRY, version, errand())).isEqualTo(new Removed.Done());
    assertThat(genesys.calls()).isEmpty();
    assertThat(kind.removes()).isFalse();
  }

  @Test
  void a_missing_permission_is_named_and_concerns_the_entry() throws Exception {
    genesys.refuse("getCredential", 403, "missing.any.permissions");
    var viewing = failure();
    genesys.refuse("replaceCredential", 403, "missing.any.permissions");
    var editing = failure();

    assertThat(viewing.extent()).isEqualTo(Extent.ENTRY);
    assertThat(viewing.why().text()).contains("lacks integrations:integration:view");
    assertThat(editing.why().text()).contains("lacks integrations:integration:edit");
  }

  @Test
  void one_that_there_is_not_is_said_to_be_missing() throws Exception {
    var failure = failure(destination.send(OTHER, VALUE, errand()));

    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("there is no integration credential " + OTHER);
  }

  @Test
  void one_of_another_type_is_named_and_left_alone() throws Exception {
    genesys.integrations().hold(ENTRY, "Tickets", "basicAuth");

    assertThat(failure().why().text())
        .contains("\"Tickets\", is of the type basicAuth; must be pureCloudOAuthClient");
    assertThat(genesys.calls()).containsExactly("getCredential");
  }

  @Test
  void limits_and_outages_concern_all_entries() throws Exception {
    genesys.limit("getCredential", Duration.ofSeconds(42));
    var limited = failure();
    genesys.beAway("replaceCredential");
    var away = failure();
    genesys.refuse(
        new Refused("getCredential", 401, "invalid_client", "authentication failed", "c", true));
    var refused = failure();

    assertThat(limited.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(42));
    assertThat(away.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(refused.extent()).isEqualTo(Extent.DESTINATION);
  }

  @Test
  void a_mount_that_reaches_nothing_says_why() throws Exception {
    var errand =
        new Errand(
            Errand.id("test"),
            Deadline.in(Duration.ofSeconds(20), time),
            () -> new Found.Not("write config first"));

    assertThat(failure(destination.send(ENTRY, VALUE, errand)).why().text())
        .isEqualTo("write config first");
    assertThat(destination.look(ENTRY, "x", VALUE, errand)).isInstanceOf(Seen.Failed.class);
    assertThat(destination.check(ENTRY, false, errand))
        .containsExactly(new Finding("log_in", false, "write config first"));
  }

  @Test
  void a_secret_goes_to_no_other_addresses_than_those_it_was_made_under() throws Exception {
    var sent = destination.send(ENTRY, VALUE, errand(Endpoint.of("mypurecloud.ie")));

    assertThat(failure(sent).why().text()).contains("made under other addresses");
    assertThat(genesys.calls()).isEmpty();
  }

  @Test
  void what_a_template_made_of_it_is_not_sent() throws Exception {
    var value = new Value(Map.of("user", CLIENT));

    assertThat(failure(destination.send(ENTRY, value, errand())).why().text())
        .contains("a template");
    assertThat(kind.takesTemplates()).isFalse();
  }

  @Test
  void a_check_says_what_is_there_and_changes_nothing() throws Exception {
    assertThat(destination.check(ENTRY, false, errand()))
        .allMatch(Finding::passed)
        .extracting(Finding::name)
        .containsExactly("log_in", "permissions", "credential");
    assertThat(genesys.calls()).doesNotContain("replaceCredential");
  }

  @Test
  void a_check_names_the_permissions_that_are_missing() throws Exception {
    genesys.grant(grants("view"));
    assertThat(destination.check(ENTRY, false, errand()))
        .filteredOn(finding -> !finding.passed())
        .singleElement()
        .satisfies(finding ->
            assertThat(finding.detail()).contains("lacks integrations:integration:edit"));

    genesys.grant(grants());
    assertThat(destination.check(ENTRY, false, errand()).getLast().detail())
        .contains("integrations:integration:view, integrations:integration:edit");
  }

  @Test
  void a_check_says_that_it_is_of_another_type_or_is_not_there() throws Exception {
    genesys.integrations().hold(ENTRY, "Tickets", "basicAuth");

    assertThat(destination.check(ENTRY, false, errand()).getLast().detail()).contains("basicAuth");
    assertThat(destination.check(OTHER, false, errand()).getLast().detail())
        .contains("there is no");
    genesys.beAway("ownGrants");
    assertThat(destination.check(ENTRY, false, errand()))
        .extracting(Finding::name, Finding::passed)
        .containsExactly(org.assertj.core.api.Assertions.tuple("log_in", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "crm",
        "0a1b2c3d-1111-2222-3333-44445555666",
        "0a1b2c3d-1111-2222-3333-444455556666-",
        "0a1b2c3g-1111-2222-3333-444455556666",
        "0a1b2c3d11112222-3333-444455556666--",
        "../2c3d-1111-2222-3333-444455556666",
        "0A1B2C3D-1111-2222-3333-444455556666",
        "٠a1b2c3d-1111-2222-3333-444455556666"
      })
  void an_entry_is_the_id_of_a_credential(String entry) throws Exception {
    assertThatThrownBy(() -> kind.checkEntry(entry)).hasMessageContaining("must be a UUID");
    assertThat(failure(destination.send(entry, VALUE, errand())).why().text())
        .contains("must be a UUID");
    kind.checkEntry(ENTRY);
    assertThat(genesys.calls()).isEmpty();
  }
}
