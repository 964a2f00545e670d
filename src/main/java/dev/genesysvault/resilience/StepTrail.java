package dev.genesysvault.resilience;

import dev.genesysvault.domain.Texts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of background work are under way, in a memory that outlives the process: what was
 * under way when the process before died is suspected of having killed it, and is left alone for a
 * while, longer each time that it dies again. It names mounts and steps, and holds no secret. It is
 * a caution and no promise: where it has no room left, a step goes unnoted.
 */
public final class StepTrail {
  /** Steps under way and suspected ones that it has room for. */
  static final int SLOTS = 512;

  private static final int SLOT_BYTES = 1024;
  private static final int HEADER_BYTES = 16;

  /** What it takes of memory. */
  public static final int BYTES = HEADER_BYTES + SLOTS * SLOT_BYTES;

  /** "steps" and the version of this form. */
  private static final long MAGIC = 0x7374657073_000001L;

  private static final int LENGTH = 0;
  private static final int DEATHS = 4;
  private static final int UNASKED = 8;
  private static final int TEXT = 12;

  /** A character takes at most three bytes a UTF-16 unit. */
  private static final int MOST_CHARACTERS = (SLOT_BYTES - TEXT) / 3;

  /** The mark of a step that is under way, in place of the starts in which nobody asked for it. */
  private static final int UNDER_WAY = -1;

  /** Starts after which a step that nobody asks for any more is forgotten. */
  private static final int MOST_UNASKED = 16;

  /** How long a step is left alone at most. */
  public static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(25),
          Duration.ofSeconds(125),
          LONGEST_WAIT);

  private final ByteBuffer memory;
  private final Time time;
  private final Locks.Monitor monitor;
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<String, Slot> suspects = new HashMap<>();
  private final Map<String, Place> underWay = new HashMap<>();

  /**
   * Begins with what the process before has left there; what cannot be understood is dropped.
   *
   * @param memory of {@link #BYTES}, this trail's alone from now on
   */
  public StepTrail(ByteBuffer memory, Time time, Locks locks) {
    this.memory = memory;
    this.time = time;
    this.monitor = locks.monitor();
    if (memory.getLong(0) != MAGIC) {
      memory.put(0, new byte[BYTES]);
      memory.putLong(0, MAGIC);
    }
    for (int i = 0; i < SLOTS; i++) {
      takeOver(i);
    }
  }

  /** Makes one that the process takes with it. */
  public static StepTrail inMemory(Time time, Locks locks) {
    return new StepTrail(ByteBuffer.allocate(BYTES), time, locks);
  }

  /** A step. */
  @FunctionalInterface
  public interface Body {
    /** Does it. */
    void run() throws InterruptedException;
  }

  /** A step that comes to something. */
  @FunctionalInterface
  public interface Call<T> {
    /** Does it. */
    T call() throws InterruptedException;
  }

  /**
   * A step in whose midst the process died before.
   *
   * @param mount Vault's uuid of the mount
   * @param step as it was named
   * @param deaths how often in a row, at least 1
   * @param left how long it is still left alone; zero where nobody has asked for it yet
   */
  public record Suspect(String mount, String step, int deaths, Duration left) {}

  private static final class Slot {
    private final int index;
    private final int deaths;
    private @Nullable Deadline alone;

    Slot(int index, int deaths) {
      this.index = index;
      this.deaths = deaths;
    }

    Duration left() {
      return alone == null ? Duration.ZERO : alone.left();
    }
  }

  /** Where a step is noted that is under way, once for all who do it at the same time. */
  private static final class Place {
    private final int slot;
    private int holders = 1;

    /**
     * Makes one.
     *
     * @param slot negative for none
     */
    Place(int slot) {
      this.slot = slot;
    }
  }

  /** Keeps a step on the trail that goes on when its beginner has returned. */
  public final class Hold implements AutoCloseable {
    private final String text;
    private boolean over;

    private Hold(String text) {
      this.text = text;
    }

    /** Says that the step has come to its end, whatever that was; in any task, and once or more. */
    @Override
    public void close() {
      monitor.run(() -> {
        if (!over) {
          over = true;
          end(text);
        }
      });
    }

    /** Whether its end has been told. */
    public boolean isOver() {
      return monitor.get(() -> over);
    }
  }

  private void takeOver(int index) {
    int at = HEADER_BYTES + index * SLOT_BYTES;
    int length = memory.getInt(at + LENGTH);
    int deaths = memory.getInt(at + DEATHS);
    int unasked = memory.getInt(at + UNASKED);
    boolean taken =
        length > 0 && length <= SLOT_BYTES - TEXT && deaths >= 0 && unasked < MOST_UNASKED;
    if (taken) {
      deaths += unasked == UNDER_WAY ? 1 : 0;
      memory.putInt(at + UNASKED, unasked == UNDER_WAY ? 0 : unasked + 1);
      memory.putInt(at + DEATHS, deaths);
      var text = new byte[length];
      memory.get(at + TEXT, text);
      taken =
          suspects.putIfAbsent(
                  new String(text, StandardCharsets.UTF_8), new Slot(index, Math.max(1, deaths)))
              == null;
    }
    if (!taken) {
      release(index);
    }
  }

  private void release(int index) {
    memory.putInt(HEADER_BYTES + index * SLOT_BYTES + LENGTH, 0);
    free.add(index);
  }

  /**
   * Does a step, and has it on the trail for as long. One that ends in an error which ends the
   * process stays there.
   *
   * @param step the same text whenever the same is done
   */
  public void during(String mount, String step, Body body) throws InterruptedException {
    var _ =
        call(
            mount,
            step,
            () -> {
              body.run();
              return step;
            });
  }

  /** As {@link #during}, and returns what the step comes to. */
  public <T> T call(String mount, String step, Call<T> body) throws InterruptedException {
    var text = text(mount, step);
    monitor.run(() -> begin(text));
    boolean over = true;
    try {
      return body.call();
    } catch (RuntimeException | Error e) {
      over = !Fatal.is(e);
      throw e;
    } finally {
      if (over) {
        monitor.run(() -> end(text));
      }
    }
  }

  /**
   * Has a step on the trail until its end is told, in this task or another. Begun in the midst of
   * {@link #during} of the same step, it goes on with that one's place and past.
   *
   * @param step the same text whenever the same is done
   */
  public Hold hold(String mount, String step) {
    var text = text(mount, step);
    monitor.run(() -> begin(text));
    return new Hold(text);
  }

  private void begin(String text) {
    var present = underWay.get(text);
    if (present == null) {
      underWay.put(text, new Place(noted(text)));
    } else {
      present.holders++;
    }
  }

  private void end(String text) {
    var present = underWay.get(text);
    if (present != null && --present.holders == 0) {
      underWay.remove(text);
      if (present.slot >= 0) {
        release(present.slot);
      }
    }
  }

  /** Returns its slot; negative for none. */
  private int noted(String text) {
    var suspect = suspects.remove(text);
    if (suspect != null) {
      memory.putInt(HEADER_BYTES + suspect.index * SLOT_BYTES + UNASKED, UNDER_WAY);
      return suspect.index;
    }
    var index = free.poll();
    if (index == null) {
      return -1;
    }
    int at = HEADER_BYTES + index * SLOT_BYTES;
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    memory.putInt(at + DEATHS, 0);
    memory.putInt(at + UNASKED, UNDER_WAY);
    memory.put(at + TEXT, bytes);
    // Last, since the process may end between any two of these.
    memory.putInt(at + LENGTH, bytes.length);
    return index;
  }

  /**
   * Returns how long a step is to be left alone; zero for one that nobody suspects. That time
   * begins when it is asked for first, so that other work has come before it, and is cut by whoever
   * asks in a greater hurry.
   *
   * @param most that it may be from now on
   */
  public Duration left(String mount, String step, Duration most) {
    var text = text(mount, step);
    return monitor.get(() -> {
      var suspect = suspects.get(text);
      if (suspect == null) {
        return Duration.ZERO;
      }
      if (suspect.alone == null || suspect.left().compareTo(most) > 0) {
        memory.putInt(HEADER_BYTES + suspect.index * SLOT_BYTES + UNASKED, 0);
        var wait = WAITS.get(Math.min(suspect.deaths, WAITS.size()) - 1);
        suspect.alone = Deadline.in(wait.compareTo(most) < 0 ? wait : most, time);
      }
      return suspect.left();
    });
  }

  /** Returns what is suspected and not under way, of all mounts, by mount and step. */
  public List<Suspect> suspects() {
    return monitor.get(() -> {
      var all = new ArrayList<Suspect>();
      suspects.forEach((text, slot) -> {
        var parts = Texts.split(text, '\n', 2);
        all.add(new Suspect(parts.getFirst(), parts.getLast(), slot.deaths, slot.left()));
      });
      all.sort(Comparator.comparing(Suspect::mount).thenComparing(Suspect::step));
      return all;
    });
  }

  /** Returns what is suspected of one mount's steps. */
  public List<Suspect> suspects(String mount) {
    return suspects().stream().filter(suspect -> suspect.mount().equals(mount)).toList();
  }

  private static String text(String mount, String step) {
    return Texts.cut(mount + '\n' + step, MOST_CHARACTERS);
  }
}
