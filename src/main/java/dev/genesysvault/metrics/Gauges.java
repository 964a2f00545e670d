package dev.genesysvault.metrics;

/**
 * A source of what is read when somebody asks for the metrics, and is nowhere kept for that. Costs
 * no more than a look at what is in memory.
 */
@FunctionalInterface
public interface Gauges {
  /** Tells all that is so now; what it does not tell is reported no more. */
  void read(Readings readings);

  /** What a {@link Gauges} tells to. */
  interface Readings {
    /**
     * Says what a {@link Metric.Kind#GAUGE} is. What is said of the same labels again, which may be
     * {@link Label#OTHER} by then, is put together as the metric says.
     */
    void is(Metric metric, double value, String... labels);

    /**
     * Says that a {@link Metric.Kind#COUNTER} is there, so that it shows a 0 before anything is
     * counted: of what appears with a 1, nobody sees that it grew.
     */
    void begun(Metric metric, String... labels);

    /** Says that a mount is there: what was counted of it is reported on. */
    void present(String mount);

    /** Whether names of roles are reported, so that it is worth to look at each. */
    boolean rolesNamed();
  }
}
