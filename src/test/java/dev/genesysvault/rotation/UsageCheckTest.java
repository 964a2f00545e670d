package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.UsageCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Before a former client goes, somebody may look whether it is still used. */
final class UsageCheckTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final RotationTiming WAITING =
      new RotationTiming(
          RotationHarness.PERIOD, "", Duration.ZERO, RotationHarness.GRACE, Duration.ZERO, DAY);

  private final RotationHarness it;

  UsageCheckTest() throws InterruptedException {
    it = new RotationHarness();
  }

  @Test
  void nobody_looks_unless_somebody_asked_for_it() throws Exception {
    var first = rotated(UsageCheck.OFF);

    it.rotateFor(MINUTE.multipliedBy(61));

    assertThat(it.calls()).doesNotContain("queryUsage");
    assertThat(isRetired(first)).isTrue();
  }

  @Test
  void a_former_client_that_is_quiet_goes_with_its_grace() throws Exception {
    var first = rotated(UsageCheck.WAIT);

    it.rotateFor(MINUTE.multipliedBy(59));
    assertThat(isRetired(first)).isFalse();
    var calls = it.calls();
    it.genesys.forgetCalls();
    it.rotateFor(MINUTE.multipliedBy(31));

    assertThat(calls).containsOnlyOnce("queryUsage").containsOnlyOnce("countUsage");
    assertThat(it.calls()).containsExactly("queryUsage", "countUsage", "queryUsage", "countUsage");
    assertThat(isRetired(first)).isTrue();
    assertThat(told()).noneMatch(event -> event.startsWith("genesys/static-role-in-use"));
  }

  @Test
  void a_warning_tells_of_a_former_client_that_still_calls_and_it_goes() throws Exception {
    var first = rotated(UsageCheck.WARN);
    it.genesys.beUsed(99);

    it.rotateFor(MINUTE.multipliedBy(62));

    assertThat(isRetired(first)).isTrue();
    assertThat(told())
        .filteredOn(event -> event.startsWith("genesys/static-role-in-use"))
        .singleElement()
        .asString()
        .contains(
            "client_id=" + first.id(),
            "client %s made 5 more calls in 1800 seconds".formatted(first.id()));
  }

  @Test
  void a_wait_lasts_until_the_former_client_is_quiet() throws Exception {
    var first = rotated(UsageCheck.WAIT);
    it.genesys.beUsed(12);

    it.rotateFor(Duration.ofHours(6));
    assertThat(isRetired(first)).isFalse();
    assertThat(it.genesys.logsIn(first)).isTrue();
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);

    it.genesys.beUsed(0);
    it.rotateFor(Duration.ofHours(1).plus(MINUTE));
    assertThat(isRetired(first)).isTrue();
    assertThat(told()).noneMatch(event -> event.startsWith("genesys/static-role-overdue"));
  }

  @Test
  void a_wait_ends_after_its_longest_time_and_says_what_was_seen_last() throws Exception {
    var first = rotated(UsageCheck.WAIT);
    it.genesys.beUsed(999);

    it.rotateFor(RotationHarness.GRACE.plus(DAY).minus(MINUTE));
    assertThat(isRetired(first)).isFalse();

    it.rotateFor(MINUTE.multipliedBy(62));
    assertThat(isRetired(first)).isTrue();
    assertThat(told())
        .anySatisfy(event ->
            assertThat(event)
                .startsWith("genesys/static-role-in-use")
                .contains("it goes all the same, since usage_check_max_wait is over"));
  }

  @Test
  void a_wait_that_ended_while_nobody_could_read_leaves_readers_their_time() throws Exception {
    var first = rotated(UsageCheck.WAIT);
    it.genesys.beUsed(999);
    it.time.advance(DAY.multipliedBy(3));

    it.rotateFor(MINUTE.multipliedBy(29));
    assertThat(isRetired(first)).isFalse();

    it.rotateFor(MINUTE.multipliedBy(31));
    assertThat(isRetired(first)).isTrue();
  }

  @Test
  void who_is_to_wait_waits_when_genesys_does_not_count_and_says_why() throws Exception {
    var first = rotated(UsageCheck.WAIT);
    it.genesys.failToCount();

    it.rotateFor(Duration.ofHours(5));
    assertThat(isRetired(first)).isFalse();
    assertThat(told())
        .anySatisfy(event ->
            assertThat(event)
                .startsWith("genesys/static-role-failed")
                .contains(
                    "is not known: Genesys failed to count the calls of client " + first.id()));

    it.rotateFor(DAY);
    assertThat(isRetired(first)).isTrue();
  }

  @Test
  void who_is_to_warn_goes_on_when_genesys_does_not_count_and_says_why() throws Exception {
    var first = rotated(UsageCheck.WARN);
    it.genesys.failToCount();

    it.rotateFor(MINUTE.multipliedBy(95));

    assertThat(isRetired(first)).isTrue();
    assertThat(told())
        .anySatisfy(event ->
            assertThat(event).startsWith("genesys/static-role-in-use").contains("is not known"));
  }

  @Test
  void a_count_that_takes_its_time_is_looked_at_again() throws Exception {
    var first = rotated(UsageCheck.WAIT);
    it.genesys.countSlowly(5);

    it.rotateFor(MINUTE.multipliedBy(62));

    assertThat(isRetired(first)).isTrue();
    assertThat(it.calls()).filteredOn("queryUsage"::equals).hasSize(2);
    assertThat(it.calls()).filteredOn("countUsage"::equals).hasSize(7);
  }

  @Test
  void a_count_that_never_comes_is_asked_for_again() throws Exception {
    var first = rotated(UsageCheck.WARN);
    it.genesys.countSlowly(1_000);

    it.rotateFor(MINUTE.multipliedBy(75));

    assertThat(isRetired(first)).isTrue();
    assertThat(it.calls()).filteredOn("queryUsage"::equals).hasSizeGreaterThan(1);
  }

  @Test
  void a_former_client_that_somebody_deleted_is_not_waited_for() throws Exception {
    var first = rotated(UsageCheck.WAIT);
    it.genesys.lose(first.id());

    it.rotateFor(MINUTE.multipliedBy(61));

    assertThat(isRetired(first)).isTrue();
    assertThat(it.calls()).doesNotContain("countUsage");
  }

  @Test
  void an_emergency_does_not_look() throws Exception {
    it.usageCheck = UsageCheck.WAIT;
    it.role("crm", WAITING, "role-1:*").rotateFor(MINUTE);
    var first = it.current("crm");
    var _ = it.ask("crm", false, true, false);

    it.rotateFor(MINUTE.multipliedBy(2));

    assertThat(isRetired(first)).isTrue();
    assertThat(it.calls()).doesNotContain("queryUsage");
  }

  @Test
  void a_rotation_by_hand_is_refused_until_the_wait_may_be_over() throws Exception {
    var _ = rotated(UsageCheck.WAIT);

    var latest = it.graceEnd("crm").plus(DAY);
    var answer = it.ask("crm", false, false, false);

    assertThat(answer)
        .isInstanceOfSatisfying(
            RotationRequests.Answer.InGrace.class,
            refused -> assertThat(refused.end()).isEqualTo(latest));
  }

  /** Returns the first client of a role that has just been rotated. */
  private Credential rotated(UsageCheck check) throws InterruptedException {
    it.usageCheck = check;
    it.role("crm", check == UsageCheck.WAIT ? WAITING : RotationHarness.MONTHLY, "role-1:*");
    it.rotateFor(MINUTE);
    var first = it.current("crm");
    var _ = it.ask("crm", false, false, false);
    it.rotateFor(MINUTE);
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.GRACE);
    assertThat(it.calls()).doesNotContain("queryUsage");
    return first;
  }

  /** Returns the events so far, each as one text. */
  private List<String> told() {
    return it.events.sent().stream().map(event -> event.type() + " " + event.metadata()).toList();
  }

  private boolean isRetired(Credential credential) throws InterruptedException {
    return it.credential("crm").phase() == Phase.IDLE
        && it.credential("crm").retired().stream()
            .anyMatch(retired -> retired.clientId().equals(credential.id()));
  }
}
