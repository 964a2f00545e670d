package dev.genesysvault.fleet;

import dev.genesysvault.fleet.Result.Kind;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.vaultapi.Pace;
import java.io.PrintStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Shows how far a run is: a line each ten seconds, or one line that changes on a terminal. */
final class Progress implements AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);
  private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(1);

  private final int clients;
  private final Pace pace;
  private final Time time;
  private final PrintStream out;
  private final boolean terminal;
  private final long begun;
  private final Map<Integer, Kind> byLine = new HashMap<>();
  private Thread showing = Thread.currentThread();

  /**
   * Makes one that shows nothing yet.
   *
   * @param clients in the list
   * @param terminal whether a line may be written over
   */
  Progress(int clients, Pace pace, Time time, PrintStream out, boolean terminal) {
    this.clients = clients;
    this.pace = pace;
    this.time = time;
    this.out = out;
    this.terminal = terminal;
    this.begun = time.nanos();
  }

  /** Shows it until it is closed. */
  Progress start() {
    showing =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (true) {
                  time.sleep(terminal ? BETWEEN_CHANGES : BETWEEN_LINES);
                  show();
                }
              } catch (InterruptedException _) {
                // The run is over.
              }
            });
    return this;
  }

  /** Takes note of a client that is done. */
  synchronized void done(Result result) {
    byLine.put(result.client().line(), result.kind());
  }

  /** Returns the line that is shown now. */
  synchronized String line() {
    var line = new StringBuilder("%,d of %,d clients".formatted(byLine.size(), clients));
    var counts = new EnumMap<Kind, Integer>(Kind.class);
    byLine.values().forEach(kind -> counts.merge(kind, 1, Integer::sum));
    counts.forEach((kind, count) -> line.append(", %,d %s".formatted(count, kind.text())));
    line.append(" after ").append(Durations.shown(Duration.ofNanos(time.nanos() - begun)));
    var paused = pace.paused();
    if (paused.isPositive()) {
      line.append("; waited %s for limits".formatted(Durations.shown(paused)));
    }
    return line.toString();
  }

  private void show() {
    if (terminal) {
      out.print("\r\u001b[K" + line());
      out.flush();
    } else {
      out.println(line());
    }
  }

  @Override
  public void close() {
    showing.interrupt();
    if (terminal) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
