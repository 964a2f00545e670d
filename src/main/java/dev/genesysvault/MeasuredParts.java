package dev.genesysvault;

import dev.genesysvault.config.Settings;
import dev.genesysvault.network.Transport;
import dev.genesysvault.observe.Metrics;
import dev.genesysvault.observe.OtlpPush;
import dev.genesysvault.observe.PushTarget;
import dev.genesysvault.observe.cloudwatch.CloudWatchPush;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/** A step of the start of the process: makes the metrics, and what pushes them. */
final class MeasuredParts {
  private MeasuredParts() {}

  /**
   * Makes them; none where nobody would see them.
   *
   * @throws IOException if they cannot be pushed as the settings say; its message says why
   */
  static Optional<Metrics> metrics(
      Settings settings, Transport transport, Time time, Locks locks, Tasks tasks)
      throws IOException {
    var said = settings.metrics();
    if (settings.management().isEmpty() && !said.pushed()) {
      return Optional.empty();
    }
    var targets = new ArrayList<PushTarget>();
    if (said.otlp().isPresent()) {
      var otlp = said.otlp().get();
      targets.add(
          OtlpPush.begin(
              otlp.endpoint(),
              otlp.headersFile(),
              said.pushInterval(),
              Sidecar.VERSION,
              transport,
              time));
    }
    if (said.cloudWatchNamespace().isPresent()) {
      targets.add(
          CloudWatchPush.begin(
              said.cloudWatchNamespace().get(), said.pushInterval(), transport, time, locks));
    }
    return Optional.of(new Metrics(Sidecar.VERSION, said.roleLabel(), targets, time, locks, tasks));
  }
}
