package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.mount.LeftoverWarnings;
import dev.genesysvault.engine.mount.TaintReports;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.RecordedEvents;
import dev.genesysvault.testing.SeededRandomness;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** However much a tainted mount leaves behind, what is told of it is bounded. */
final class TaintReportsTest {
  private final RecordedEvents events = new RecordedEvents();
  private final FakeTime time = new FakeTime();
  private final TaintReports reports =
      new TaintReports(
          new Doors(
              time,
              new VirtualThreadTasks(),
              new SystemLocks(),
              new SeededRandomness(),
              StepTrail.inMemory(time, new SystemLocks())));

  @Test
  void many_clients_are_named_in_several_events() throws Exception {
    tell(250, 0);

    assertThat(events.sent()).hasSize(3);
    assertThat(events.sent().getFirst().metadata())
        .containsEntry("clients", "250")
        .containsEntry("part", "1")
        .containsEntry("parts", "3");
    assertThat(events.sent())
        .extracting(event -> event.metadata().getOrDefault("client_ids", "").split(",", -1).length)
        .containsExactly(100, 100, 50);
  }

  @Test
  void beyond_a_thousand_they_are_counted() throws Exception {
    tell(5_000, 7);

    assertThat(events.sent()).hasSize(TaintReports.MOST_EVENTS);
    assertThat(events.sent().getLast().metadata())
        .containsEntry("clients", "5000")
        .containsEntry("others", "7");
  }

  @Test
  void what_names_no_client_is_told_as_well() throws Exception {
    tell(0, 1);

    assertThat(events.sent()).hasSize(1);
  }

  @Test
  void a_mount_that_leaves_nothing_behind_is_not_told_of() throws Exception {
    tell(0, 0);

    assertThat(events.sent()).isEmpty();
  }

  @Test
  void the_same_clients_in_another_order_are_no_news() throws Exception {
    var left = new LeftoverWarnings.Left(List.of("one", "two"), List.of("a", "b"), 0);
    var turned = new LeftoverWarnings.Left(List.of("two", "one"), List.of("b", "a"), 0);

    assertThat(reports.tell("mount-1", left, events)).hasSize(2);
    assertThat(reports.tell("mount-1", turned, events)).isEmpty();
    assertThat(events.sent()).hasSize(1);
  }

  @Test
  void of_a_hundred_tainted_mounts_the_latest_are_remembered() throws Exception {
    var left = new LeftoverWarnings.Left(List.of("one"), List.of("a"), 0);
    for (int i = 1; i <= 100; i++) {
      reports.tell("mount-" + i, left, events);
    }

    assertThat(reports.tell("mount-100", left, events)).isEmpty();
    assertThat(reports.tell("mount-1", left, events)).hasSize(1);
  }

  private void tell(int clients, int others) throws InterruptedException {
    var ids = IntStream.range(0, clients).mapToObj(i -> "client-" + i).toList();
    var _ = reports.tell("mount-1", new LeftoverWarnings.Left(List.of(), ids, others), events);
  }
}
