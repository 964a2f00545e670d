package dev.genesysvault.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.testing.SoloLocks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever a piece of work meets, the others are done, and nothing is lost. */
final class WorkLoopTest {
  private final FakeTime time = new FakeTime();
  private final ByteBuffer memory = ByteBuffer.allocate(StepTrail.BYTES);
  private final Crew crew = new Crew();
  private WorkLoop loop = started();

  /** As after a start of the process. */
  private WorkLoop started() {
    var trail = new StepTrail(memory, time, new SoloLocks(time));
    return new WorkLoop(time, new StorageWaits(time, new SeededRandomness()), trail);
  }

  /** Takes what it is told to, and notes what came of it. */
  private static final class Crew implements WorkLoop.Worker<String> {
    private final Deque<String> due = new ArrayDeque<>();
    private final Map<String, Runnable> meets = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    @Override
    public Optional<String> take() {
      return Optional.ofNullable(due.poll());
    }

    @Override
    public String text(String work) {
      return "do " + work;
    }

    @Override
    public boolean urgent(String work) {
      return work.startsWith("leaked");
    }

    @Override
    public boolean indispensable(String work) {
      return work.equals("journal");
    }

    @Override
    public void step(String work) {
      meets.getOrDefault(work, () -> {}).run();
      notes.add("did " + work);
    }

    @Override
    public void postpone(String work, String why, Duration wait) {
      notes.add("%s in %s: %s".formatted(work, wait, why));
    }

    @Override
    public void unanswered(String work, StorageException failure) {
      notes.add(work + " unanswered");
    }
  }

  private void run(String... work) throws InterruptedException {
    crew.due.addAll(List.of(work));
    loop.run("m", crew);
  }

  private void meets(String work, RuntimeException trouble) {
    crew.meets.put(
        work,
        () -> {
          throw trouble;
        });
  }

  private void diesOf(String work) {
    crew.meets.put(
        work,
        () -> {
          throw new OutOfMemoryError("told to");
        });
    assertThatThrownBy(() -> run(work)).isInstanceOf(OutOfMemoryError.class);
    crew.meets.clear();
    loop = started();
  }

  @Test
  void a_bug_in_one_keeps_no_other_from_being_done() throws Exception {
    meets("a", new IllegalStateException("told to"));

    run("a", "b");

    assertThat(crew.notes)
        .containsExactly("a in PT30S: internal error in the sidecar: see its log", "did b");
  }

  @Test
  void a_bug_in_what_the_session_cannot_do_without_ends_it() {
    meets("journal", new IllegalStateException("told to"));

    assertThatThrownBy(() -> run("journal", "b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("do journal");
  }

  @Test
  void an_error_of_the_machine_ends_it() {
    crew.meets.put(
        "a",
        () -> {
          throw new OutOfMemoryError("told to");
        });

    assertThatThrownBy(() -> run("a", "b")).isInstanceOf(OutOfMemoryError.class);
    assertThat(crew.notes).isEmpty();
  }

  @Test
  void storage_that_does_not_answer_is_waited_for_longer_each_time() throws Exception {
    meets("a", new StorageException(Kind.OTHER, "told to"));

    run("a", "a", "a", "b");

    assertThat(crew.notes).containsExactly("a unanswered", "a unanswered", "a unanswered", "did b");
    assertThat(time.sleeps()).hasSize(3).isSorted();
  }

  @Test
  void it_ends_with_the_stream_that_lends_the_storage() {
    meets("a", new StorageException(Kind.CLOSED, "told to"));

    assertThatThrownBy(() -> run("a", "b"))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
    assertThat(crew.notes).isEmpty();
    assertThat(time.sleeps()).isEmpty();
  }

  @Test
  void what_the_process_died_of_is_left_alone_for_a_while() throws Exception {
    diesOf("a");

    run("a", "b");
    time.advance(StepTrail.LONGEST_WAIT);
    run("a");

    assertThat(crew.notes).hasSize(3).endsWith("did b", "did a");
    assertThat(crew.notes.getFirst())
        .startsWith("a in PT")
        .endsWith("the sidecar ended in the midst of this step: it is tried again later");
  }

  @Test
  void what_leaked_is_left_alone_for_ten_seconds_at_most() throws Exception {
    for (var work : List.of("leaked", "usual")) {
      for (int deaths = 1; deaths <= 3; deaths++) {
        diesOf(work);
        crew.notes.clear();
        run(work);
        time.advance(StepTrail.LONGEST_WAIT);
      }
      assertThat(crew.notes)
          .singleElement()
          .asString()
          .startsWith(work + (work.equals("leaked") ? " in PT10S" : " in PT25S"));
    }
  }
}
