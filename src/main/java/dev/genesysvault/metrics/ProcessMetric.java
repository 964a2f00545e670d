package dev.genesysvault.metrics;

import java.util.List;

/**
 * Every metric of the process that is reported, under the name that Micrometer gives it: other
 * names are not. {@code docs/metrics.md} is held equal to this list by a test.
 */
public enum ProcessMetric {
  JVM_MEMORY_USED("jvm_memory_used_bytes", "Memory in use.", Label.AREA, Label.ID),
  JVM_MEMORY_COMMITTED(
      "jvm_memory_committed_bytes", "Memory that the JVM has.", Label.AREA, Label.ID),
  JVM_MEMORY_MAX(
      "jvm_memory_max_bytes", "The most that it may have; -1 for no limit.", Label.AREA, Label.ID),
  JVM_BUFFER_USED("jvm_buffer_memory_used_bytes", "Memory of buffers beside the heap.", Label.ID),
  JVM_GC_PAUSE(
      "jvm_gc_pause_seconds",
      "Pauses for garbage collection: how often, and how long in all.",
      Label.ACTION,
      Label.CAUSE,
      Label.GC),
  JVM_GC_LIVE("jvm_gc_live_data_size_bytes", "What was in use after the last whole collection."),
  JVM_GC_ALLOCATED("jvm_gc_memory_allocated_bytes_total", "Memory that was asked for."),
  JVM_THREADS_LIVE("jvm_threads_live_threads", "Platform threads."),
  JVM_THREADS_PEAK("jvm_threads_peak_threads", "The most there ever were."),
  JVM_THREADS_STATES("jvm_threads_states_threads", "Those, by state.", Label.STATE),
  PROCESS_CPU_TIME("process_cpu_time_ns_total", "Time of processors that was used."),
  PROCESS_CPU_USAGE("process_cpu_usage", "Share of the processors that is used, 0 to 1."),
  SYSTEM_CPU_COUNT("system_cpu_count", "Processors that it may use."),
  PROCESS_START("process_start_time_seconds", "When the process was started, in Unix time."),
  PROCESS_UPTIME("process_uptime_seconds", "How long ago that is."),
  PROCESS_FILES_OPEN("process_files_open_files", "File descriptors that are open."),
  PROCESS_FILES_MAX("process_files_max_files", "The most that may be.");

  private final String fullName;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // Nobody can change what List.of gives.
  private final List<Label> labels;

  ProcessMetric(String fullName, String help, Label... labels) {
    this.fullName = fullName;
    this.help = help;
    this.labels = List.of(labels);
  }

  /** Returns its whole name, as Prometheus shows it. */
  public String fullName() {
    return fullName;
  }

  /** Returns what it is for, for people. */
  public String help() {
    return help;
  }

  public List<Label> labels() {
    return labels;
  }
}
