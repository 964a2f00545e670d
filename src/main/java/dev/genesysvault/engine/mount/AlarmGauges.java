package dev.genesysvault.engine.mount;

import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.AlarmLook;
import dev.genesysvault.alert.MountAlerts.ReceiverStatus;
import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What metrics show of alarms: how many of each kind stand, and what receivers do not know. */
public final class AlarmGauges implements Gauges {
  private final MountStates states;
  private final Time time;

  public AlarmGauges(MountStates states, Time time) {
    this.states = states;
    this.time = time;
  }

  @Override
  public void read(Readings readings) {
    for (var mount : states.all()) {
      var path = mount.shownPath();
      mount
          .state()
          .alarms
          .ifPresent(look -> {
            standing(look, path, readings);
            waiting(mount.state(), path, readings);
          });
    }
  }

  private static void standing(AlarmLook look, String path, Readings readings) {
    var counts =
        look.alarms().stream()
            .map(Alarm::kind)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    for (var kind : AlarmKind.values()) {
      readings.is(
          Metric.ALARMS,
          (double) counts.getOrDefault(kind, 0L),
          path,
          kind.word(),
          kind.severity().word());
    }
  }

  private void waiting(MountStates.State state, String path, Readings readings) {
    var receivers = state.alerts.all().values();
    readings.is(
        Metric.ALERTS_WAITING, receivers.stream().mapToInt(ReceiverStatus::waiting).sum(), path);
    var oldest =
        receivers.stream()
            .map(ReceiverStatus::oldest)
            .flatMap(Optional::stream)
            .min(Instant::compareTo)
            .map(since -> Duration.between(since, time.now()).toMillis() / 1000.0)
            .orElse(0.0);
    readings.is(Metric.ALERTS_OLDEST_WAITING_SECONDS, Math.max(0, oldest), path);
  }
}
