package dev.genesysvault.history;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.work.StorageWaits;
import dev.genesysvault.work.WorkItem;
import dev.genesysvault.work.WorkLoop;
import dev.genesysvault.work.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

/**
 * Removes what is kept for too long of static roles that no rotation tidies any more, and of
 * clients that are gone: a little each minute, once a day, while a mount's background session is
 * open. A folder is not looked at before something of it is due.
 */
public final class HistoryUpkeep {
  /** A session that has just been opened has more urgent things to do. */
  static final Duration FIRST = Duration.ofHours(1);

  private static final Duration BETWEEN_SWEEPS = Duration.ofDays(1);
  private static final Duration BETWEEN_STEPS = Duration.ofMinutes(1);

  /** Static roles and hours that one step looks at. */
  private static final int MOST_PLACES = 20;

  private final Time time;
  private final Locks locks;
  private final WorkLoop loop;

  /** Makes the rules, for all mounts. */
  public HistoryUpkeep(Time time, Locks locks, Randomness randomness, StepTrail trail) {
    this.time = time;
    this.locks = locks;
    this.loop = new WorkLoop(time, new StorageWaits(time, randomness), trail);
  }

  /**
   * Works until interrupted, or until the stream is gone that lends the storage.
   *
   * @throws InterruptedException when the session is over
   */
  public void run(String mountUuid, MountStorage storage, History history)
      throws InterruptedException {
    try {
      loop.run(mountUuid, new Sweeper(storage, history));
    } catch (StorageException e) {
      if (e.kind() != Kind.CLOSED) {
        throw e;
      }
    }
  }

  private enum Priority {
    SWEEP
  }

  private static final class Sweep extends WorkItem<Priority> {}

  /**
   * A folder that is tidied.
   *
   * @param ofRole whether it has a static role's rotations, or an hour's clients
   */
  private record Place(boolean ofRole, String name) {}

  private final class Sweeper implements WorkLoop.Worker<Sweep> {
    private final MountStorage storage;
    private final History history;
    private final WorkQueue<Priority, Sweep> queue;

    /** What the present sweep has yet to look at. */
    private final Deque<Place> left = new ArrayDeque<>();

    /** Where the look at the first of them ended; empty for its beginning. */
    private String after = "";

    /** How long everything was kept when that was looked at. */
    private int days = -1;

    /** When something is due, as far as this session has looked. */
    private final Map<Place, Instant> due = new HashMap<>();

    Sweeper(MountStorage storage, History history) {
      this.storage = storage;
      this.history = history;
      this.queue =
          new WorkQueue<>(
              Priority.class,
              Comparator.comparing(WorkItem::due),
              _ -> Instant.MIN,
              _ -> {},
              time,
              locks);
      queue.turn(true, () -> {});
      again(new Sweep(), FIRST);
    }

    private void again(Sweep sweep, Duration wait) {
      queue.change(() -> queue.place(sweep, Priority.SWEEP, time.now().plus(wait)));
    }

    @Override
    public Optional<Sweep> take() throws InterruptedException {
      return queue.take(EnumSet.of(Priority.SWEEP), sweep -> sweep);
    }

    @Override
    public String text(Sweep sweep) {
      return "tidy the history";
    }

    @Override
    public boolean urgent(Sweep sweep) {
      return false;
    }

    @Override
    public void step(Sweep sweep) throws InterruptedException {
      if (left.isEmpty()) {
        begin();
      }
      var now = time.now();
      for (int i = 0; i < MOST_PLACES && !left.isEmpty(); i++) {
        var place = left.getFirst();
        var looked =
            place.ofRole()
                ? history.tidy(place.name(), now, after)
                : history.tidyHour(place.name(), now, after);
        after = looked.after();
        if (!after.isEmpty()) {
          break;
        }
        due.put(place, looked.again());
        left.removeFirst();
      }
      again(sweep, left.isEmpty() ? BETWEEN_SWEEPS : BETWEEN_STEPS);
    }

    private void begin() throws InterruptedException {
      var places = new ArrayList<Place>();
      storage.rolesWithHistory().forEach(role -> places.add(new Place(true, role)));
      storage.hoursOfDecommissioned().forEach(hour -> places.add(new Place(false, hour)));
      due.keySet().retainAll(new HashSet<>(places));
      int present = history.days();
      if (present != days) {
        // What was looked at may be due long before it was then.
        due.clear();
        days = present;
      }
      var now = time.now();
      places.stream()
          .filter(place -> !due.getOrDefault(place, Instant.MIN).isAfter(now))
          .forEach(left::add);
    }

    @Override
    public void postpone(Sweep sweep, String why, Duration wait) {
      again(sweep, wait);
    }

    @Override
    public void unanswered(Sweep sweep, StorageException failure) {
      again(sweep, BETWEEN_STEPS);
    }
  }
}
