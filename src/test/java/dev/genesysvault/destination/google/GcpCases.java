package dev.genesysvault.destination.google;

import static dev.genesysvault.destination.google.OtherGoogle.NEXT;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.Value;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What holds with the played Secret Manager as with Google itself. Each case has a secret of its
 * own, which stays: Google's deletion cannot be undone.
 */
abstract class GcpCases {
  private final SomeGoogle some;

  GcpCases(SomeGoogle some) {
    this.some = some;
  }

  @AfterEach
  void stop() {
    some.close();
  }

  private static Errand soon() {
    return OtherGoogle.within(Duration.ofMinutes(1));
  }

  private String sent(Destination destination, Value value) throws InterruptedException {
    var sent = destination.send(some.entry(), value, soon());
    assertThat(sent).as(String.valueOf(sent)).isInstanceOf(Sent.Confirmed.class);
    return ((Sent.Confirmed) sent).version();
  }

  /** What is listed, and what readers get, may lag. */
  private void eventually(Destination destination, Value value) throws InterruptedException {
    for (int i = 0; i < 60; i++) {
      if (look(destination, value) instanceof Seen.AsSent) {
        return;
      }
      Thread.sleep(Duration.ofSeconds(2));
    }
    assertThat(look(destination, value)).isInstanceOf(Seen.AsSent.class);
  }

  private Seen look(Destination destination, Value value) throws InterruptedException {
    return destination.look(some.entry(), "1", value, soon());
  }

  @Test
  void a_secret_is_made_succeeded_retired_and_removed() throws Exception {
    var destination = some.open("create_secret", "true", "labels", "{\"of\":\"tests\"}");
    assertThat(destination.check(some.entry(), false, soon()).stream().filter(it -> !it.passed()))
        .isEmpty();

    assertThat(sent(destination, VALUE)).isEqualTo("1");
    eventually(destination, VALUE);
    assertThat(sent(destination, VALUE)).isEqualTo("1");
    assertThat(sent(destination, NEXT)).isEqualTo("2");
    eventually(destination, NEXT);
    assertThat(destination.retire(some.entry(), "2", List.of("1"), soon()))
        .isEqualTo(new Removed.Done());
    assertThat(look(destination, NEXT)).isEqualTo(new Seen.AsSent());
    assertThat(destination.check(some.entry(), false, soon())).allMatch(Finding::passed);
    assertThat(destination.remove(some.entry(), "2", soon())).isEqualTo(new Removed.Done());
    assertThat(look(destination, NEXT)).isInstanceOf(Seen.Otherwise.class);
  }

  @Test
  void an_alias_follows_what_is_sent() throws Exception {
    var destination = some.open("create_secret", "true", "alias", "live", "destroy_former", "true");

    sent(destination, VALUE);
    eventually(destination, VALUE);
    var next = sent(destination, NEXT);
    eventually(destination, NEXT);
    assertThat(destination.retire(some.entry(), next, List.of("1"), soon()))
        .isEqualTo(new Removed.Done());
    assertThat(destination.remove(some.entry(), next, soon())).isEqualTo(new Removed.Done());
    assertThat(look(destination, NEXT)).isInstanceOf(Seen.Otherwise.class);
  }

  @Test
  void a_secret_that_nobody_made_is_missing() throws Exception {
    var destination = some.open();

    assertThat(destination.send(some.entry(), VALUE, soon())).isInstanceOf(Sent.Failed.class);
    assertThat(destination.check(some.entry(), false, soon())).anyMatch(it -> !it.passed());
    assertThat(look(destination, VALUE)).isInstanceOf(Seen.Otherwise.class);
    assertThat(destination.remove(some.entry(), "1", soon())).isEqualTo(new Removed.Done());
  }
}
