package dev.genesysvault.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.Alarm;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.alarm.Severity;
import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.Overview;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.Reachability;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * How the process and its mounts do, for probes and for people: whether it serves is the status of
 * HTTP; what else is wrong no restart would mend, so it is told and changes no status.
 */
public final class Health {
  /** Mounts that are shown, at most. */
  static final int MOST_MOUNTS = 200;

  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final String JSON = "application/json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final BooleanSupplier serving;
  private final String version;
  private final Instant started;
  private final Overview overview;
  private final AlarmBoard alarms;
  private final Fresh<List<Component>> components;

  /**
   * Makes one.
   *
   * @param serving whether the sidecar serves
   */
  public Health(
      BooleanSupplier serving,
      String version,
      Instant started,
      Overview overview,
      AlarmBoard alarms,
      Time time,
      Locks locks) {
    this.serving = serving;
    this.version = version;
    this.started = started;
    this.overview = overview;
    this.alarms = alarms;
    this.components = new Fresh<>(this::ofMounts, FRESH, time, locks);
  }

  /** One line: what it is, how it does, and what is known of it. */
  private record Component(boolean well, Map<String, Object> members) {
    static Component of(String name, String mount, boolean well, String status) {
      var members = new LinkedHashMap<String, Object>();
      members.put("component", name);
      if (!mount.isEmpty()) {
        members.put("mount", mount);
      }
      members.put("status", status);
      return new Component(well, members);
    }

    Component with(String name, Object value) {
      members.put(name, value);
      return this;
    }
  }

  /** Returns that the process answers: for a probe that restarts it. */
  Answer live() {
    return Answer.text(200, "live");
  }

  /** Returns whether plugins are served: for a probe that waits until they are. */
  Answer ready() {
    return serving.getAsBoolean()
        ? Answer.text(200, "ready")
        : Answer.text(
            503, "not ready: the socket for the plugin is closed, since the sidecar is stopping");
  }

  /**
   * Returns how all of it does.
   *
   * @param accept the header that says which form is wanted; empty for JSON
   */
  Answer all(String accept) {
    boolean serves = serving.getAsBoolean();
    int status = serves ? 200 : 503;
    var asked = accept.toLowerCase(Locale.ROOT);
    if (asked.contains("text/plain") && !asked.contains("json")) {
      return Answer.text(status, serves ? "serving" : "not serving");
    }
    var all = new ArrayList<Component>();
    all.add(Component.of("plugin_socket", "", serves, serves ? "up" : "closed"));
    all.addAll(components.get());
    return new Answer(status, JSON, text(serves, all), Map.of());
  }

  private byte[] text(boolean serves, List<Component> all) {
    var head = new LinkedHashMap<String, Object>();
    head.put("status", serves ? "serving" : "stopping");
    head.put("well", all.stream().allMatch(Component::well));
    head.put("version", version);
    head.put("started", seconds(started));
    var lines = all.stream().map(component -> "  " + json(component.members)).toList();
    var text = json(head);
    return "%s,\n \"components\": [\n%s\n]}\n"
        .formatted(text.substring(0, text.length() - 1), String.join(",\n", lines))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String json(Map<String, Object> members) {
    try {
      return MAPPER.writeValueAsString(members);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Component> ofMounts() {
    var all = new ArrayList<Component>();
    var mounts = overview.mounts();
    for (var mount : mounts.subList(0, Math.min(MOST_MOUNTS, mounts.size()))) {
      all.add(session(mount));
      mount.genesys().ifPresent(reading -> all.add(genesys(mount.path(), reading)));
      mount.budget().ifPresent(reading -> all.add(budget(mount.path(), reading)));
    }
    if (mounts.size() > MOST_MOUNTS) {
      all.add(Component.of("mounts", "", true, "more").with("more", mounts.size() - MOST_MOUNTS));
    }
    alarms.standing().stream().limit(MOST_MOUNTS).map(Health::alarms).forEach(all::add);
    return all;
  }

  private static Component session(MountOverview mount) {
    var session = mount.session();
    var status = session.works() ? "up" : session.open() ? "waiting" : "closed";
    var line = Component.of("session", mount.path(), session.works(), status);
    return session.trouble().isEmpty() ? line : line.with("reason", session.trouble());
  }

  private static Component genesys(String mount, Reachability.Reading reading) {
    var away = reading.away();
    var unasked = reading.lastSuccess().isEmpty() ? "unknown" : "up";
    var status = away.map(it -> it.logInRefused() ? "log_in_refused" : "away").orElse(unasked);
    var line = Component.of("genesys", mount, away.isEmpty(), status);
    reading.lastSuccess().ifPresent(at -> line.with("last_success", seconds(at)));
    away.ifPresent(it ->
        line.with("failing_since", seconds(it.since()))
            .with("failing_seconds", it.lasting().toSeconds())
            .with("failures", it.failures())
            .with("reason", it.reason()));
    return line;
  }

  private static Component budget(String mount, RateBudget.Reading reading) {
    boolean paused = reading.paused().isPositive();
    return Component.of("budget", mount, !paused, paused ? "paused" : "up")
        .with("usable", reading.usable())
        .with("used", reading.used())
        .with("reset_seconds", reading.reset().toSeconds())
        .with("paused_seconds", reading.paused().plusMillis(999).toSeconds())
        .with("waiting", reading.waiting().values().stream().mapToInt(Integer::intValue).sum());
  }

  private static Component alarms(AlarmBoard.OfMount mount) {
    boolean none = mount.alarms().isEmpty();
    var line = Component.of("alarms", mount.mount(), none, none ? "none" : "standing");
    for (var severity : Severity.values()) {
      long count =
          mount.alarms().stream()
              .map(Alarm::kind)
              .filter(kind -> kind.severity() == severity)
              .count();
      line.with(severity.word(), count);
    }
    return mount.more() > 0 ? line.with("more", mount.more()) : line;
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
