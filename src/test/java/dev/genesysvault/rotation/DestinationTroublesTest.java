package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.RotationTiming;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is shown, what holds and what mends itself where a destination is in trouble, of each kind;
 * the table is printed.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("places")
final class DestinationTroublesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration PERIOD = Duration.ofDays(1);
  private static final RotationTiming DAILY =
      new RotationTiming(
          PERIOD, "", Duration.ZERO, RotationHarness.GRACE, Duration.ZERO, Duration.ZERO);
  private static final int LONGEST_SHOWN = 110;

  private final TroubledPlace place;
  private final RotationHarness it;

  DestinationTroublesTest(TroubledPlace place) throws InterruptedException {
    this.place = place;
    this.it = new RotationHarness(place::kinds);
  }

  static Stream<TroubledPlace> places() {
    return Stream.of(
        new TroubledKv(), new TroubledIntegration(), new TroubledAws(), new TroubledGoogle());
  }

  @BeforeEach
  void defined() throws Exception {
    place.furnish(it);
    it.mount
        .destinations()
        .entry("there")
        .put(
            new DestinationConfig(
                place.kind(), place.settings(), "r", true, false, false, HOUR, Map.of()));
    it.entries = List.of(new DestinationEntry("there", place.entry(), Map.of(), Map.of()));
    it.role("crm", DAILY, "role-1:*").rotateFor(MINUTE.multipliedBy(2));
    assertThat(place.client()).isEqualTo(present());
  }

  @AfterEach
  void end() throws Exception {
    place.end();
  }

  private String present() throws InterruptedException {
    return it.current("crm").id().value();
  }

  private Delivery delivery() throws InterruptedException {
    return it.credential("crm").deliveries().getFirst();
  }

  private void resend() throws InterruptedException {
    it.credentials.put(
        "crm",
        Deliveries.wanted(
            it.credential("crm"),
            it.credentials.role("crm").orElseThrow(),
            _ -> true,
            it.time.now()));
  }

  private String told(String type) {
    return it.events.sent().stream()
        .filter(event -> event.type().equals("genesys/static-role-destination-" + type))
        .reduce((_, last) -> last)
        .map(event -> event.metadata().getOrDefault("error", event.metadata().get("detail")))
        .map(String::valueOf)
        .orElse("nothing");
  }

  private void row(String trouble, String shown, String holds, String mends) {
    var text = shown.length() > LONGEST_SHOWN ? shown.substring(0, LONGEST_SHOWN) + "…" : shown;
    System.out.printf("| %s | %s | %s | %s | %s |%n", place.kind(), trouble, text, holds, mends);
  }

  /** Whatever it is that keeps it from being sent to, for longer than a period. */
  private void holdsTheSwitchUntilItDoesWell(String trouble, String shown) throws Exception {
    var former = it.current("crm");

    it.rotateFor(PERIOD.plus(PERIOD).plus(HOUR));

    assertThat(present()).isEqualTo(former.id().value());
    assertThat(it.genesys.logsIn(former)).isTrue();
    assertThat(place.client()).isEqualTo(former.id().value());
    assertThat(told("failed")).contains(shown);
    row(trouble, told("failed"), "the switch; readers keep what works", "itself");

    place.well();
    it.rotateFor(HOUR);

    assertThat(present()).isNotEqualTo(former.id().value());
    assertThat(place.client()).isEqualTo(present());
    assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
  }

  @Test
  void one_that_is_away_for_longer_than_a_period() throws Exception {
    holdsTheSwitchUntilItDoesWell("away", place.away());
  }

  @Test
  void one_that_throttles() throws Exception {
    holdsTheSwitchUntilItDoesWell("throttles", place.throttle());
  }

  @Test
  void one_that_lets_nobody_write() throws Exception {
    holdsTheSwitchUntilItDoesWell("permission is missing", place.forbid());
  }

  @Test
  void what_somebody_overwrote() throws Exception {
    place.overwrite();

    it.rotateFor(HOUR.plus(HOUR));

    assertThat(delivery().state()).isEqualTo(State.DRIFTED);
    row("overwritten", told("drifted"), "nothing", "resend, the next rotation, auto_repair");
    resend();
    it.rotateFor(MINUTE);
    assertThat(place.client()).isEqualTo(present());
    assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
  }

  @Test
  void what_somebody_deleted() throws Exception {
    place.delete();

    it.rotateFor(HOUR.plus(HOUR));

    assertThat(delivery().state()).isEqualTo(State.DRIFTED);
    row(
        "deleted",
        told("drifted"),
        "nothing",
        place.makesAnew() ? "resend, the next rotation, auto_repair" : "whoever makes it again");
    resend();
    it.rotateFor(MINUTE);
    if (place.makesAnew()) {
      assertThat(place.client()).isEqualTo(present());
      assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
    } else {
      assertThat(told("failed")).contains("there is no");
    }
  }

  @Test
  void a_rotation_into_what_somebody_deleted() throws Exception {
    place.delete();

    if (!place.makesAnew()) {
      var former = present();
      it.rotateFor(PERIOD.plus(HOUR));
      assertThat(present()).isEqualTo(former);
      assertThat(told("failed")).contains("there is no");
      row("deleted, and rotated", told("failed"), "the switch", "whoever makes it again");
      return;
    }
    it.rotateFor(PERIOD.plus(HOUR));
    assertThat(it.credential("crm").history()).isNotEmpty();
    assertThat(place.client()).isEqualTo(present());
    assertThat(delivery().state()).isEqualTo(State.CONFIRMED);
    row("deleted, and rotated", "nothing more", "nothing", "itself");
  }

  @Test
  void a_rotation_into_what_is_to_be_deleted_later() throws Exception {
    if (place.deleteLater()) {
      it.rotateFor(HOUR.plus(HOUR));
      assertThat(delivery().state()).isEqualTo(State.DRIFTED);
      assertThat(told("drifted")).contains("scheduled for deletion");

      var former = present();
      it.rotateFor(PERIOD.plus(HOUR));
      assertThat(present()).isEqualTo(former);
      assertThat(told("failed")).contains("it is scheduled for deletion");
      row("to be deleted later", told("failed"), "the switch", "whoever restores it");

      place.well();
      it.rotateFor(HOUR);
      assertThat(place.client()).isEqualTo(present()).isNotEqualTo(former);
    }
  }
}
