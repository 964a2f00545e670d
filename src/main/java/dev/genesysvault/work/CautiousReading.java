package dev.genesysvault.work;

import dev.genesysvault.resilience.Parallel;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads all documents of one kind in batches, several at a time, when a session opens. Batches in
 * whose midst the process died before come last, one by one, after a wait: whatever is in them, the
 * rest is known and worked on before.
 */
public final class CautiousReading {
  /** Batches read at once; more would leave less of the stream to nobody's gain. */
  private static final int READERS = 4;

  private static final String BETWEEN = " to ";

  private final StepTrail trail;
  private final Parallel parallel;
  private final Time time;
  private final StorageWaits waits;
  private final String mountUuid;
  private final String prefix;

  /**
   * Makes one.
   *
   * @param mountUuid Vault's uuid of the mount
   * @param what is read, for the trail
   */
  public CautiousReading(
      StepTrail trail,
      Parallel parallel,
      Time time,
      StorageWaits waits,
      String mountUuid,
      String what) {
    this.waits = waits;
    this.trail = trail;
    this.parallel = parallel;
    this.time = time;
    this.mountUuid = mountUuid;
    this.prefix = "read " + what + " from ";
  }

  /** Documents that are read together. */
  public record Batch(String step, List<String> names) {
    /** Copies what it is given. */
    public Batch {
      names = List.copyOf(names);
    }
  }

  /** Does something with storage again until it answers, and returns what that comes to. */
  public <T> T untilAnswered(StepTrail.Call<T> reading) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return reading.call();
      } catch (StorageException e) {
        waits.out(mountUuid, e, failures);
      }
    }
  }

  /**
   * Reads all but what is suspected.
   *
   * @param names of all documents, sorted
   * @param read reads some of them, in any task
   * @return what is left for {@link #last}
   */
  public List<Batch> first(List<String> names, Parallel.Body<List<String>> read)
      throws InterruptedException {
    var left = new ArrayList<>(names);
    var suspected = new ArrayList<Batch>();
    for (var suspect : trail.suspects(mountUuid)) {
      int middle = suspect.step().indexOf(BETWEEN);
      if (suspect.step().startsWith(prefix) && middle >= prefix.length()) {
        var from = suspect.step().substring(prefix.length(), middle);
        var to = suspect.step().substring(middle + BETWEEN.length());
        Predicate<String> within = name -> name.compareTo(from) >= 0 && name.compareTo(to) <= 0;
        suspected.add(new Batch(suspect.step(), left.stream().filter(within).toList()));
        left.removeIf(within);
      }
    }
    parallel.forEach(Folder.batches(left), READERS, some -> read(batch(some), read));
    return suspected;
  }

  /** Reads what {@link #first} has left, one document at a time, so that one alone is suspected. */
  public void last(List<Batch> suspected, Parallel.Body<List<String>> read)
      throws InterruptedException {
    var left = new ArrayList<>(suspected);
    while (!left.isEmpty()) {
      var next = Collections.min(left, Comparator.comparing(this::wait));
      for (var wait = wait(next); wait.isPositive(); wait = wait(next)) {
        time.sleep(wait);
      }
      if (next.names().size() == 1) {
        read(next, read);
      } else {
        // Nobody suspects all of them any more.
        trail.during(mountUuid, next.step(), () -> {});
        for (var name : next.names()) {
          read(batch(List.of(name)), read);
        }
      }
      left.remove(next);
    }
  }

  private Batch batch(List<String> names) {
    return new Batch(prefix + names.getFirst() + BETWEEN + names.getLast(), names);
  }

  private Duration wait(Batch batch) {
    return trail.left(mountUuid, batch.step(), StepTrail.LONGEST_WAIT);
  }

  private void read(Batch batch, Parallel.Body<List<String>> read) throws InterruptedException {
    trail.during(mountUuid, batch.step(), () -> read.accept(batch.names()));
  }
}
