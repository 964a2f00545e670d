package dev.genesysvault.grpc;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import java.util.Locale;

/** Why a call of the plugin was refused before the engine has seen it. */
enum RefusedCall {
  /** Plugin and sidecar do not fit together. */
  HANDSHAKE,
  /** Those under way hold as much as memory allows. */
  MEMORY,
  /** A caller sent more than the descriptor allows. */
  FIELDS,
  /** It breaks the contract. */
  CONTRACT,
  /** A bug; the log has it. */
  BUG;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Counts one. */
  void count(Meters meters) {
    meters.count(Metric.GRPC_CALLS_REFUSED, word);
  }

  /** Says which of them are counted. */
  static void begun(Gauges.Readings readings) {
    for (var each : values()) {
      readings.begun(Metric.GRPC_CALLS_REFUSED, each.word);
    }
  }
}
