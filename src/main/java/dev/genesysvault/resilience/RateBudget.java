package dev.genesysvault.resilience;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The requests a minute that Genesys allows one token, shared by all work of a mount. What is
 * allowed and used is learnt from Genesys' replies; until the first one, 300 a minute are taken for
 * granted (Genesys' published limit for a client credentials token). Where requests must wait,
 * {@link LaneShares} says whose turn it is; inside a {@link Lane}, who came first goes first. After
 * a 429 no request leaves before Genesys' time has come.
 */
public final class RateBudget {
  /** Genesys' published limit of one token, in requests a minute. */
  public static final int PUBLISHED_LIMIT = 300;

  /** A lane that has asked for something is at work for this long. */
  private static final Duration AT_WORK = Duration.ofSeconds(5);

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Time time;
  private final Locks locks;
  private final Locks.Monitor monitor;
  private final RateWindow window;
  private final LaneShares shares = new LaneShares();
  private final Forecast forecast;
  private final Map<Lane, Deque<Ticket>> queues = new EnumMap<>(Lane.class);
  private final Map<Lane, Deadline> atWork = new EnumMap<>(Lane.class);
  private long windowSeen;

  /**
   * Makes a budget that nothing has been taken from.
   *
   * @param share how much of what Genesys allows this budget takes, more than 0 and at most 1; the
   *     rest is left to others
   */
  public RateBudget(Time time, Locks locks, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "share is %s; must be more than 0 and at most 1".formatted(share));
    }
    this.time = time;
    this.locks = locks;
    this.monitor = locks.monitor();
    this.window = new RateWindow(time, share);
    this.forecast = new Forecast(window, shares);
    for (var lane : Lane.values()) {
      queues.put(lane, new ArrayDeque<>());
      atWork.put(lane, Deadline.in(Duration.ZERO, time));
    }
  }

  /**
   * What a reply said of the limit, in Genesys' headers.
   *
   * @param count requests in the present window ({@code inin-ratelimit-count})
   * @param allowed requests that a window allows ({@code inin-ratelimit-allowed}), positive
   * @param reset until the window ends ({@code inin-ratelimit-reset})
   */
  public record Observation(int count, int allowed, Duration reset) {}

  /**
   * What is known of the budget.
   *
   * @param allowed requests that Genesys allows in a window
   * @param usable of which this budget takes this many
   * @param used requests that this window has seen
   * @param reset until the window ends
   * @param paused for how long Genesys asked to wait; zero where it did not
   * @param waiting requests that wait for their turn, of each lane
   * @param delay how long one that came now would wait, of each lane
   */
  public record Reading(
      int allowed,
      int usable,
      int used,
      Duration reset,
      Duration paused,
      Map<Lane, Integer> waiting,
      Map<Lane, Duration> delay) {
    /** Copies the maps. */
    public Reading {
      waiting = Map.copyOf(waiting);
      delay = Map.copyOf(delay);
    }
  }

  /**
   * Takes one request out of the budget; waits for it as long as the context's turn allows, and not
   * at all where that would not do. The caller ends the request with {@link #finished} or {@link
   * #limited}.
   *
   * @return empty when the request may go; otherwise how long to stay away, and nothing is taken
   */
  public Optional<Duration> acquire(CallContext context) throws InterruptedException {
    var lane = context.lane();
    Ticket ticket;
    monitor.lock();
    try {
      serve();
      works(lane, AT_WORK);
      if (queue(lane).isEmpty() && open() && shares.mayTake(lane, 0, moment())) {
        take(lane);
        return Optional.empty();
      }
      var wait = untilTurn(lane, queue(lane).size());
      if (!context.turn().allows(wait)) {
        return refused(lane, wait);
      }
      ticket = new Ticket(locks.monitor());
      queue(lane).add(ticket);
    } finally {
      monitor.unlock();
    }
    return await(ticket, context);
  }

  private Optional<Duration> await(Ticket ticket, CallContext context) throws InterruptedException {
    var lane = context.lane();
    boolean done = false;
    try {
      while (true) {
        Duration sleep;
        monitor.lock();
        try {
          serve();
          if (ticket.granted && window.paused().isZero()) {
            done = true;
            return Optional.empty();
          }
          if (ticket.granted) {
            // Genesys has asked to wait since, and nothing has left yet.
            giveBack(lane);
            ticket.granted = false;
            queue(lane).addFirst(ticket);
          }
          int ahead = ahead(ticket, lane);
          var wait = untilTurn(lane, ahead);
          if (!context.turn().allows(wait)) {
            return refused(lane, wait);
          }
          // Whoever is first in a lane watches the clock for all of it.
          sleep = ahead == 0 ? wait : context.turn().left();
        } finally {
          monitor.unlock();
        }
        ticket.sleep(sleep);
      }
    } finally {
      if (!done) {
        leave(ticket, lane);
      }
    }
  }

  private int ahead(Ticket ticket, Lane lane) {
    int ahead = 0;
    for (var other : queue(lane)) {
      if (other == ticket) {
        return ahead;
      }
      ahead++;
    }
    throw new IllegalStateException("a request that waits has no place in its lane");
  }

  private void leave(Ticket ticket, Lane lane) {
    monitor.lock();
    try {
      if (ticket.granted) {
        giveBack(lane);
      } else {
        boolean first = queue(lane).peek() == ticket;
        queue(lane).remove(ticket);
        left(lane, first);
      }
      serve();
    } finally {
      monitor.unlock();
    }
  }

  /** Lets everybody go whose turn has come. */
  private void serve() {
    roll();
    while (open()) {
      var moment = moment();
      var next = shares.next(lane -> !queue(lane).isEmpty() && shares.mayTake(lane, 0, moment));
      if (next.isEmpty()) {
        return;
      }
      var lane = next.get();
      var ticket = queue(lane).remove();
      take(lane);
      ticket.granted = true;
      ticket.wake();
      left(lane, true);
    }
  }

  private void left(Lane lane, boolean first) {
    works(lane, AT_WORK);
    var head = queue(lane).peek();
    if (head == null) {
      shares.idle(lane);
    } else if (first) {
      head.wake();
    }
  }

  /** Ends a request whose reply said this of the limit; empty where it said nothing. */
  public void finished(Optional<Observation> observation) {
    monitor.lock();
    try {
      window.finished();
      int allowed = window.allowed();
      observation.ifPresent(window::learn);
      boolean news = allowed != window.allowed() || windowSeen != window.number();
      serve();
      if (news) {
        wakeAll();
      } else if (observation.isPresent()) {
        wakeFirst();
      }
    } finally {
      monitor.unlock();
    }
  }

  /** Ends a request that met a 429: none leaves before {@code retryAfter} is over. */
  public void limited(Duration retryAfter) {
    monitor.lock();
    try {
      window.finished();
      window.pause(retryAfter);
      wakeAll();
    } finally {
      monitor.unlock();
    }
  }

  /** What they wait for may be nearer than they were told, or too far away for their time. */
  private void wakeAll() {
    queues.values().forEach(queue -> queue.forEach(Ticket::wake));
  }

  private void wakeFirst() {
    for (var queue : queues.values()) {
      var first = queue.peek();
      if (first != null) {
        first.wake();
      }
    }
  }

  /** Returns what is known now. */
  public Reading reading() {
    monitor.lock();
    try {
      roll();
      var waiting = new EnumMap<Lane, Integer>(Lane.class);
      var delay = new EnumMap<Lane, Duration>(Lane.class);
      queues.forEach((lane, queue) -> {
        waiting.put(lane, queue.size());
        delay.put(lane, untilTurn(lane, queue.size()));
      });
      return new Reading(
          window.allowed(),
          window.usable(),
          window.used(),
          window.untilEnd(),
          window.paused(),
          waiting,
          delay);
    } finally {
      monitor.unlock();
    }
  }

  private void roll() {
    window.roll();
    if (windowSeen != window.number()) {
      windowSeen = window.number();
      shares.begin();
    }
  }

  private boolean open() {
    return window.paused().isZero() && window.free() > 0;
  }

  private void take(Lane lane) {
    window.take();
    shares.take(lane);
  }

  private void giveBack(Lane lane) {
    window.giveBack();
    shares.giveBack(lane);
  }

  private Optional<Duration> refused(Lane lane, Duration wait) {
    var hint = wait.compareTo(SECOND) < 0 ? SECOND : wait;
    // Whoever is sent away comes back then, and finds its share.
    works(lane, hint.plus(AT_WORK));
    return Optional.of(hint);
  }

  private void works(Lane lane, Duration length) {
    if (!deadline(lane).allows(length)) {
      atWork.put(lane, Deadline.in(length, time));
    }
  }

  private Duration untilTurn(Lane lane, int ahead) {
    return forecast.untilTurn(lane, ahead, this::works);
  }

  private LaneShares.Moment moment() {
    return forecast.moment(this::works);
  }

  private boolean works(Lane lane) {
    return !deadline(lane).over() || !queue(lane).isEmpty();
  }

  private Deque<Ticket> queue(Lane lane) {
    return Objects.requireNonNull(queues.get(lane));
  }

  private Deadline deadline(Lane lane) {
    return Objects.requireNonNull(atWork.get(lane));
  }
}
