package dev.genesysvault.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.RateBudget.Observation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of the request budget however its callers' steps fall. */
@Tag("slow")
final class LanesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** One request, as it went. */
  private static final class Asked {
    final Lane lane;
    final Instant at;
    final Duration patience;
    Instant answered = Instant.MAX;
    Optional<Duration> refused = Optional.empty();

    Asked(Lane lane, Instant at, Duration patience) {
      this.lane = lane;
      this.at = at;
      this.patience = patience;
    }

    Duration waited() {
      return Duration.between(at, answered);
    }
  }

  /** A budget, and Genesys, whose window begins with the first request after the last one. */
  private static final class Scene {
    final SimulatedWorld world;
    final SplittableRandom random;
    final int allowed;
    final RateBudget budget;
    final List<Asked> asked = new ArrayList<>();
    final List<Asked> granted = new ArrayList<>();
    private Instant windowEnd = Instant.MIN;
    private Instant pauseBegin = Instant.MIN;
    private Instant pauseEnd = Instant.MIN;
    private int count;

    Scene(SimulatedWorld world, SplittableRandom random, int allowed, double share) {
      this.world = world;
      this.random = random;
      this.allowed = allowed;
      this.budget = new RateBudget(world.scheduler, world.scheduler.locks(), share);
    }

    /** All is asked and answered at whole milliseconds; looks at the clock take less. */
    Instant now() {
      return world.scheduler.now().truncatedTo(ChronoUnit.MILLIS);
    }

    void start(String name, Body body) {
      world.scheduler.start(
          world.outside(),
          name,
          () -> {
            try {
              body.run();
            } catch (InterruptedException e) {
              throw new IllegalStateException("nobody interrupts it", e);
            }
          });
    }

    /** Takes a turn, and keeps Genesys busy for as long. */
    Asked ask(Lane lane, Duration patience, Duration took) throws InterruptedException {
      var request = new Asked(lane, now(), patience);
      asked.add(request);
      request.refused =
          budget.acquire(new CallContext(lane, Deadline.in(patience, world.scheduler)));
      request.answered = now();
      if (request.refused.isPresent()) {
        return request;
      }
      granted.add(request);
      if (now().isAfter(pauseBegin) && now().isBefore(pauseEnd)) {
        world.scheduler.violated("a request left during a pause");
      }
      if (!now().isBefore(windowEnd)) {
        windowEnd = now().plus(MINUTE);
        count = 0;
      }
      count++;
      if (count > allowed) {
        world.scheduler.violated(
            "%d requests in one window that allows %d".formatted(count, allowed));
      }
      world.scheduler.sleep(took);
      budget.finished(
          Optional.of(new Observation(count, allowed, Duration.between(now(), windowEnd))));
      return request;
    }

    /** Meets a 429 that Genesys has a reason of its own for. */
    void limited(Duration pause) throws InterruptedException {
      var patience = Duration.ofSeconds(1);
      var context = new CallContext(Lane.EMERGENCY, Deadline.in(patience, world.scheduler));
      if (budget.acquire(context).isEmpty()) {
        count++;
        budget.limited(pause);
        pauseBegin = now();
        var end = now().plus(pause);
        pauseEnd = end.isAfter(pauseEnd) ? end : pauseEnd;
      }
    }

    @FunctionalInterface
    interface Body {
      void run() throws InterruptedException;
    }
  }

  @FunctionalInterface
  private interface Play {
    void play(Scene scene) throws InterruptedException;
  }

  private static Scene run(long seed, int allowed, double share, Play play)
      throws InterruptedException {
    var scenes = new ArrayList<Scene>();
    var random = new SplittableRandom(seed);
    var doors = new SystematicChaos(-1, Mishap.NONE, Duration.ZERO);
    var outcome =
        Schedule.run(
            "budget",
            200,
            random.split(),
            50,
            doors,
            world -> {
              var scene = new Scene(world, random.split(), allowed, share);
              scenes.add(scene);
              // The budget's windows are Genesys' from the first reply on.
              var _ = scene.ask(Lane.LOOK, SECOND, Duration.ofMillis(10));
              play.play(scene);
            });
    assertThat(outcome.violation()).isEmpty();
    return scenes.getFirst();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "7, 1", "10, 0.5", "10, 1", "60, 0.9", "300, 1"})
  void random_arrivals_never_break_what_it_promises(int allowed, double share) throws Exception {
    for (long seed = 1; seed <= 12; seed++) {
      var scene =
          run(
              seed,
              allowed,
              share,
              it -> {
                for (int i = 0; i < 2 * allowed + 40; i++) {
                  var lane = List.of(Lane.values()).get(it.random.nextInt(Lane.values().length));
                  var patience = Duration.ofMillis(it.random.nextInt(1, 200_000));
                  var took = Duration.ofMillis(it.random.nextInt(1, 900));
                  it.start("request " + i, () -> it.ask(lane, patience, took));
                  if (it.random.nextInt(3) == 0) {
                    it.world.scheduler.sleep(Duration.ofMillis(it.random.nextInt(1, 9_000)));
                  }
                  if (it.random.nextInt(60) == 0) {
                    it.limited(Duration.ofMillis(it.random.nextInt(1_000, 90_000)));
                  }
                }
                it.world.scheduler.sleep(Duration.ofMinutes(10));
              });

      assertThat(scene.asked)
          .allSatisfy(request -> {
            assertThat(request.waited()).isLessThanOrEqualTo(request.patience);
            request.refused.ifPresent(hint -> assertThat(hint).isGreaterThanOrEqualTo(SECOND));
          });
      for (var one : scene.granted) {
        assertThat(scene.granted)
            .as("first come, first served: seed %d", seed)
            .noneMatch(other ->
                other.lane == one.lane
                    && other.at.isBefore(one.at)
                    && other.answered.isAfter(one.answered));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 10, 60})
  void whoever_has_the_time_is_served_whatever_else_comes(int allowed) throws Exception {
    var scene =
        run(
            allowed,
            allowed,
            1,
            it -> {
              for (var lane : Lane.values()) {
                if (lane != Lane.EMERGENCY) {
                  flood(it, lane, 2 + allowed / 2, Duration.ofMinutes(90));
                }
              }
              it.world.scheduler.sleep(Duration.ofMinutes(70));
            });

    for (var lane : Lane.values()) {
      if (lane != Lane.EMERGENCY) {
        var served = scene.granted.stream().filter(request -> request.lane == lane).count();
        // In 70 windows: its part of them, less what is on its way.
        var reserve = allowed < 2 ? 0 : Math.max(1, allowed / 10);
        var part = 70.0 * (allowed - reserve) * share(lane);
        assertThat((double) served).as("%s", lane).isGreaterThanOrEqualTo(0.8 * part - 2);
      }
    }
    assertThat(scene.granted.size()).isGreaterThanOrEqualTo((int) (0.95 * 69 * allowed));
  }

  private static double share(Lane lane) {
    return switch (lane) {
      case EMERGENCY -> 0;
      case DEACTIVATE -> 0.5;
      case ISSUE -> 1.0 / 3;
      case ROTATE -> 1.0 / 12;
      case DELETE -> 0.05;
      case LOOK -> 1.0 / 30;
    };
  }

  /** So many who ask again as soon as they were answered, for as long as the schedule lasts. */
  private static void flood(Scene scene, Lane lane, int callers, Duration patience) {
    for (int i = 0; i < callers; i++) {
      scene.start(
          lane + " " + i,
          () -> {
            while (true) {
              var answer = scene.ask(lane, patience, Duration.ofMillis(80));
              if (answer.refused.isPresent()) {
                scene.world.scheduler.sleep(answer.refused.get());
              }
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void an_end_and_an_emergency_leave_within_a_second_of_a_flood_of_reads(long seed)
      throws Exception {
    var urgent = new ArrayList<Asked>();
    run(
        seed,
        300,
        0.9,
        it -> {
          flood(it, Lane.ISSUE, 320, Duration.ofSeconds(85));
          it.world.scheduler.sleep(SECOND);
          for (int i = 0; i < 60; i++) {
            var lane = i % 5 == 0 ? Lane.EMERGENCY : Lane.DEACTIVATE;
            it.start(
                "urgent " + i,
                () -> urgent.add(it.ask(lane, Duration.ofSeconds(20), Duration.ofMillis(80))));
            it.world.scheduler.sleep(Duration.ofMillis(4_000 + it.random.nextInt(500)));
          }
        });

    var late = urgent.stream().filter(one -> one.waited().compareTo(SECOND) > 0).toList();
    assertThat(urgent).hasSize(60).allSatisfy(one -> assertThat(one.refused).isEmpty());
    // What comes in a window's last seconds, when the reserve was given free, waits for the next.
    assertThat(late).hasSizeLessThanOrEqualTo(6);
    assertThat(urgent)
        .allSatisfy(one -> assertThat(one.waited()).isLessThanOrEqualTo(Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({"DEACTIVATE, 1", "DEACTIVATE, 64", "ROTATE, 4", "DELETE, 1", "LOOK, 8"})
  void a_reader_in_the_middle_of_mass_work_waits_for_no_window(Lane mass, int callers)
      throws Exception {
    var readers = new ArrayList<Asked>();
    var scene =
        run(
            callers,
            300,
            0.9,
            it -> {
              flood(it, mass, callers, Duration.ofSeconds(20));
              for (int i = 0; i < 100; i++) {
                it.world.scheduler.sleep(Duration.ofMillis(1_000 + it.random.nextInt(2_000)));
                it.start(
                    "reader " + i,
                    () ->
                        readers.add(
                            it.ask(Lane.ISSUE, Duration.ofSeconds(45), Duration.ofMillis(80))));
              }
              it.world.scheduler.sleep(MINUTE);
            });

    assertThat(readers).hasSize(100).allSatisfy(one -> assertThat(one.refused).isEmpty());
    assertThat(readers)
        .allSatisfy(one -> assertThat(one.waited()).isLessThanOrEqualTo(Duration.ofSeconds(5)));
    assertThat(readers.stream().filter(one -> one.waited().compareTo(SECOND) > 0).count())
        .isLessThanOrEqualTo(10);
    long minutes = Duration.between(Scheduler.START, scene.now()).toMinutes();
    // The mass loses nothing by it.
    assertThat(scene.granted.size()).isGreaterThanOrEqualTo((int) (0.95 * 270 * (minutes - 1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void who_cannot_be_served_in_time_hears_so_at_once_and_is_served_when_told_to_come_back(long seed)
      throws Exception {
    var scene =
        run(
            seed,
            300,
            1,
            it -> {
              for (int i = 0; i < 900; i++) {
                it.start(
                    "reader " + i,
                    () -> {
                      var patience = Duration.ofSeconds(85);
                      var took = Duration.ofMillis(50);
                      var first = it.ask(Lane.ISSUE, patience, took);
                      if (first.refused.isPresent()) {
                        it.world.scheduler.sleep(first.refused.get());
                        var _ = it.ask(Lane.ISSUE, patience, took);
                      }
                    });
              }
              it.world.scheduler.sleep(Duration.ofMinutes(10));
            });

    var refused = scene.asked.stream().filter(request -> request.refused.isPresent()).toList();
    assertThat(refused)
        .hasSizeBetween(200, 400)
        .allSatisfy(request -> assertThat(request.waited()).isLessThanOrEqualTo(SECOND));
    assertThat(scene.granted).hasSize(900 + 1);
  }
}
