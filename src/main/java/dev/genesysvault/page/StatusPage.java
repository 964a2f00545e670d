package dev.genesysvault.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.observe.Answer;
import dev.genesysvault.observe.Fresh;
import dev.genesysvault.observe.Pages;
import dev.genesysvault.overview.MountOverview;
import dev.genesysvault.overview.MountOverview.Clients;
import dev.genesysvault.overview.Overview;
import dev.genesysvault.overview.RotationCalendar;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the page and what it draws. What is drawn is worked out at most once in two seconds, and
 * the walk over all static roles once in half a minute, however many look.
 */
public final class StatusPage implements Pages {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final Duration CALENDAR_FRESH = Duration.ofSeconds(30);
  private static final Duration SAMPLE_EACH = Duration.ofMinutes(1);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String version;
  private final Instant started;
  private final Overview overview;
  private final AlarmBoard alarms;
  private final boolean named;
  private final Time time;
  private final DayCurve curve;
  private final PageDocument document = new PageDocument();
  private final Fresh<List<RotationCalendar>> calendars;
  private final Fresh<byte[]> data;

  /**
   * Makes one.
   *
   * @param started when the process was
   * @param named whether roles and clients are named
   */
  public StatusPage(
      String version,
      Instant started,
      Overview overview,
      AlarmBoard alarms,
      boolean named,
      Time time,
      Locks locks) {
    this.version = version;
    this.started = started;
    this.overview = overview;
    this.alarms = alarms;
    this.named = named;
    this.time = time;
    this.curve = new DayCurve(locks);
    this.calendars = new Fresh<>(() -> overview.calendars(named), CALENDAR_FRESH, time, locks);
    this.data = new Fresh<>(this::data, FRESH, time, locks);
  }

  @Override
  public Optional<Answer> answer(String path) {
    return switch (path) {
      case "/" -> Optional.of(document.answer());
      case "/page.json" ->
          Optional.of(new Answer(200, "application/json", data.get(), PageDocument.HEADERS));
      default -> Optional.empty();
    };
  }

  /** Takes a sample of the clients each minute, until interrupted. */
  public void sampleAlways() {
    try {
      while (true) {
        sample();
        time.sleep(SAMPLE_EACH);
      }
    } catch (InterruptedException _) {
      // The sidecar stops.
    }
  }

  private void sample() {
    var states = new HashMap<String, Integer>();
    for (var mount : overview.mounts()) {
      mount
          .clients()
          .map(Clients::states)
          .orElse(Map.of())
          .forEach((state, count) -> states.merge(state, count, Integer::sum));
    }
    sample(states);
  }

  /** Takes a sample of how many clients there are in which state. */
  void sample(Map<String, Integer> states) {
    curve.sample(time.now(), states);
  }

  private byte[] data() {
    var data = new LinkedHashMap<String, Object>();
    data.put("now", time.now().getEpochSecond());
    data.put("started", started.getEpochSecond());
    data.put("version", version);
    data.put("names", named);
    data.put("alarms", PageData.alarms(alarms.standing(), named));
    var mounts = overview.mounts();
    data.put("mounts_known", mounts.size());
    data.put("mounts", shown(mounts));
    data.put(
        "calendar",
        calendars.get().stream().limit(PageData.MOST_MOUNTS).map(PageData::calendar).toList());
    data.put("curve", curve());
    try {
      return MAPPER.writeValueAsBytes(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Map<String, Object>> shown(List<MountOverview> mounts) {
    return mounts.stream().limit(PageData.MOST_MOUNTS).map(PageData::mount).toList();
  }

  private Map<String, Object> curve() {
    var shown = curve.shown();
    var data = new LinkedHashMap<String, Object>();
    data.put("last", shown.last().getEpochSecond());
    data.put("step", SAMPLE_EACH.toSeconds());
    data.put("states", Clients.STATES);
    data.put("values", shown.values());
    return data;
  }
}
