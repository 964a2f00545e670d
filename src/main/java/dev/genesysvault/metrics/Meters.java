package dev.genesysvault.metrics;

/**
 * The port through which rooms report what happens. Takes no lock for longer than the first time of
 * a combination of labels, never fails and never waits. A metric's labels come in its own order;
 * none may hold a secret or a client's id.
 */
public interface Meters {
  /** Reports nothing. */
  Meters NONE =
      new Meters() {
        @Override
        public void count(Metric metric, String... labels) {}

        @Override
        public void countKnown(Metric metric, String... labels) {}

        @Override
        public void took(Metric metric, long nanos, String... labels) {}

        @Override
        public void held(Metric metric, long amount, String... labels) {}
      };

  /** Adds one to a {@link Metric.Kind#COUNTER}. */
  void count(Metric metric, String... labels);

  /**
   * As {@link #count}, for whoever does not know whether the role that it names exists: one of
   * which nothing was reported before is {@link Label#OTHER}.
   */
  void countKnown(Metric metric, String... labels);

  /** Adds a duration, in nanoseconds, to a {@link Metric.Kind#TIMER}. */
  void took(Metric metric, long nanos, String... labels);

  /** Adds an amount to a {@link Metric.Kind#SUMMARY}. */
  void held(Metric metric, long amount, String... labels);
}
