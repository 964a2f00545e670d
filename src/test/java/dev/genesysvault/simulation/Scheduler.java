package dev.genesysvault.simulation;

import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks so that exactly one of them runs at any time, and chance alone, which a seed decides,
 * says which. The baton changes hands only at doors: a task that comes to one steps back among
 * those that could go on. Time stands still while anybody can go on, and then jumps to the next
 * timer.
 */
final class Scheduler implements Time {
  /** When every schedule begins. */
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** Overflows soon, so that a comparison without subtraction shows. */
  private static final long ORIGIN = Long.MAX_VALUE - Duration.ofMinutes(2).toNanos();

  /** A schedule that has not ended by then never will. */
  private static final long MOST_STEPS = 400_000;

  private static final ScopedValue<Scheduler> CURRENT = ScopedValue.newInstance();

  private final Trace trace;
  private final SplittableRandom random;
  private final int stays;
  private final List<Step> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<SimulatedTask> alive = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private long elapsed;
  private long steps;
  private long timersMade;
  private int tasksMade;
  private @Nullable SimulatedTask running;
  private @Nullable SimulatedTask director;
  private boolean closing;
  private @Nullable String violation;

  /**
   * Makes a schedule of nothing.
   *
   * @param random every choice of which step is next
   * @param stays in percent, how often a task that could go on does
   */
  Scheduler(SplittableRandom random, int stays, Trace trace) {
    this.random = random;
    this.stays = stays;
    this.trace = trace;
  }

  /** What happens at a time, unless it is called off. */
  final class Timer implements Comparable<Timer> {
    private final long at;
    private final long number = timersMade++;
    private final Runnable effect;
    private boolean off;

    private Timer(long at, Runnable effect) {
      this.at = at;
      this.effect = effect;
    }

    void callOff() {
      off = true;
    }

    @Override
    public int compareTo(Timer other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  /** Returns the schedule that the calling task belongs to. */
  static Optional<Scheduler> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * Runs a task and whatever it starts, until it ends; what is still there then is killed.
   *
   * @return what went wrong; empty for nothing
   */
  Optional<String> run(SimulatedProcess process, Runnable body) throws InterruptedException {
    director = start(process, "director", body);
    passOn();
    over.await();
    return Optional.ofNullable(violation);
  }

  SimulatedTask start(SimulatedProcess process, String name, Runnable body) {
    if (process.dead()) {
      throw new Killed();
    }
    var task =
        new SimulatedTask(
            ++tasksMade,
            name,
            process,
            () -> ScopedValue.where(CURRENT, this).run(() -> live(body)));
    alive.add(task);
    ready(task);
    trace("start", task.toString());
    return task;
  }

  /** A task's life, in its own thread. */
  private void live(Runnable body) {
    var me = current(Thread.currentThread());
    me.awaitBaton();
    try {
      if (!me.killed) {
        body.run();
      }
    } catch (Killed _) {
      // As was to be.
    } catch (RuntimeException | Error e) {
      violated("task " + me + " died of " + Failure.of(e));
    } finally {
      if (me == director) {
        closing = true;
      }
      alive.remove(me);
      passOn();
    }
  }

  private void passOn() {
    var next = next();
    running = next;
    if (next == null) {
      over.countDown();
    } else {
      next.handBaton();
    }
  }

  /** Returns who goes next; null when nobody is left. */
  private @Nullable SimulatedTask next() {
    running = null;
    while (true) {
      if (closing) {
        return nextToDie();
      }
      if (ready.isEmpty()) {
        jump();
      } else if (++steps > MOST_STEPS) {
        violated("the schedule does not end" + waits());
      } else {
        var step = ready.remove(ready.size() == 1 ? 0 : random.nextInt(ready.size()));
        switch (step) {
          case SimulatedTask task -> {
            task.ready = false;
            return task;
          }
          case Step.Event event -> happen(event);
        }
      }
    }
  }

  private @Nullable SimulatedTask nextToDie() {
    while (!alive.isEmpty()) {
      var task = alive.getFirst();
      task.killed = true;
      if (task.started()) {
        return task;
      }
      alive.removeFirst();
    }
    return null;
  }

  private void happen(Step.Event event) {
    trace("event", event.name());
    guarded(event.effect());
  }

  private void guarded(Runnable effect) {
    try {
      effect.run();
    } catch (Killed _) {
      // The schedule is over, and next() sees it.
    } catch (RuntimeException | AssertionError e) {
      violated("the world met " + Failure.of(e));
    }
  }

  /** Lets time pass until something is due. */
  private void jump() {
    var timer = timers.poll();
    if (timer == null) {
      violated("nobody can go on, and nothing is due" + waits());
      return;
    }
    if (timer.off) {
      return;
    }
    elapsed = Math.max(elapsed, timer.at);
    while (timer != null) {
      if (!timer.off) {
        guarded(timer.effect);
      }
      var following = timers.peek();
      timer = following != null && following.at <= elapsed ? timers.poll() : null;
    }
  }

  /** Ends the schedule with a violation; the first one counts. */
  void violated(String what) {
    if (violation == null) {
      violation = what;
      trace("VIOLATED", what);
    }
    closing = true;
  }

  private void ready(Step step) {
    if (step instanceof SimulatedTask task) {
      if (task.ready) {
        return;
      }
      task.ready = true;
    }
    ready.add(step);
  }

  /** Returns the calling task, which must hold the baton and live. */
  SimulatedTask me() {
    var me = current(Thread.currentThread());
    if (me.killed) {
      throw new Killed();
    }
    return me;
  }

  private SimulatedTask current(Thread thread) {
    var me = running;
    if (me == null || !me.runs(thread)) {
      throw new IllegalStateException("a door is used by " + thread + ", which has no turn");
    }
    return me;
  }

  /** A door: whoever could go on may come before the caller does. */
  void point() {
    var me = me();
    if (ready.isEmpty() || (stays > 0 && random.nextInt(100) < stays)) {
      return;
    }
    ready(me);
    handOver(me);
  }

  /**
   * Waits until {@link #wake}, or at most as long as said.
   *
   * @param forWhat for people
   * @param atMost null for no bound
   * @throws InterruptedException when interrupted before or meanwhile, if {@code interruptible}
   */
  void block(String forWhat, @Nullable Duration atMost, boolean interruptible)
      throws InterruptedException {
    var me = me();
    if (interruptible && me.interrupted) {
      me.interrupted = false;
      throw new InterruptedException();
    }
    var timer = atMost == null ? null : in(atMost, () -> wake(me));
    me.waitingFor = forWhat;
    me.interruptible = interruptible;
    try {
      handOver(me);
    } finally {
      me.waitingFor = null;
      me.interruptible = false;
      if (timer != null) {
        timer.callOff();
      }
    }
    if (interruptible && me.interrupted) {
      me.interrupted = false;
      throw new InterruptedException();
    }
  }

  private void handOver(SimulatedTask me) {
    var next = next();
    running = next;
    if (next != me) {
      if (next == null) {
        throw new IllegalStateException("the schedule ended under a living task");
      }
      next.handBaton();
      me.awaitBaton();
    }
    if (me.killed) {
      throw new Killed();
    }
  }

  /** Has a task that waits look again. */
  void wake(SimulatedTask task) {
    if (task.waitingFor != null) {
      ready(task);
    }
  }

  void interrupt(SimulatedTask task) {
    if (alive.contains(task)) {
      trace("interrupt", task.toString());
      task.interrupted = true;
      if (task.interruptible) {
        wake(task);
      }
    }
  }

  void killTasksOf(SimulatedProcess process) {
    for (var task : alive) {
      if (task.process == process) {
        task.killed = true;
        if (task != running) {
          ready(task);
        }
      }
    }
  }

  /** Has something happen by itself, at once or later, but never within the caller's step. */
  void happens(String name, Duration after, Runnable effect) {
    var event = new Step.Event(name, effect);
    if (after.isPositive()) {
      in(after, () -> ready(event));
    } else {
      ready(event);
    }
  }

  private Timer in(Duration wait, Runnable effect) {
    long nanos = wait.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE / 2 : wait.toNanos();
    var timer = new Timer(elapsed + Math.max(0, nanos), effect);
    timers.add(timer);
    return timer;
  }

  /** Moves with each look, as a real clock does: no two looks may be taken for the same moment. */
  @Override
  public Instant now() {
    elapsed++;
    return START.plusNanos(elapsed);
  }

  @Override
  public long nanos() {
    elapsed++;
    return ORIGIN + elapsed;
  }

  @Override
  public void sleep(Duration wait) throws InterruptedException {
    trace("sleep", wait.toString());
    block("sleep of " + wait, wait, true);
  }

  /** Sleeps, which is of no interest to people. */
  void sleepQuietly(Duration wait) throws InterruptedException {
    traceQuietly("sleep", wait.toString());
    block("sleep of " + wait, wait, true);
  }

  /** Returns how much time has passed since the schedule began. */
  Duration elapsed() {
    return Duration.ofNanos(elapsed);
  }

  Locks locks() {
    return () -> new SimulatedMonitor(this);
  }

  /** Returns chance for the tasks, from a source of its own. */
  Randomness randomness(SplittableRandom source) {
    return new Randomness() {
      @Override
      public double share() {
        return source.nextDouble();
      }

      @Override
      public byte[] bytes(int count) {
        var bytes = new byte[count];
        source.nextBytes(bytes);
        return bytes;
      }
    };
  }

  /** Notes an event. */
  void trace(String door, String what) {
    add(door, what, false);
  }

  /** Notes an event that is of no interest to people. */
  void traceQuietly(String door, String what) {
    add(door, what, true);
  }

  private void add(String door, String what, boolean quiet) {
    var who = running;
    trace.add(elapsed, who == null ? 0 : who.id, who == null ? "-" : who, door, what, quiet);
  }

  Trace trace() {
    return trace;
  }

  /** Returns who waits for what. */
  private String waits() {
    var text = new StringBuilder();
    for (var task : alive) {
      text.append("\n    %s waits for %s".formatted(task, task.waitingFor)).append(task.stack());
    }
    return text.toString();
  }
}
