package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.genesys.GenesysConnector;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.simulator.Knob;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.testing.Delivery;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InlineTasks;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.upstream.Delays;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Many static roles that were made at once, for a year, with the real adapter to Genesys and its
 * request budget, and a simulated Genesys that limits requests as the real one does. {@code
 * -DyearRoles=100} for fewer of them.
 */
@Tag("slow")
final class YearOfRotationsTest {
  private static final int ROLES = Integer.getInteger("yearRoles", 500);
  private static final int DAYS = 365;
  private static final int PERIOD_DAYS = (int) RotationHarness.PERIOD.toDays();
  private static final int STAGGER_DAYS = PERIOD_DAYS / 10;

  /** Nine tenths of what Genesys allows one token in a minute. */
  private static final int BUDGET = 270;

  /** A day that is further off than so many standard deviations is no chance. */
  private static final double MOST_DEVIATIONS = 4;

  private final Logger log = (Logger) LoggerFactory.getLogger("dev.genesysvault");
  private final RotationHarness it = new RotationHarness();
  private final SimulatedGenesys genesys;
  private final int[] rotationsOfDay = new int[DAYS + 1];
  private final Map<String, Instant> switched = new HashMap<>();
  private final Set<String> decommissioned = new HashSet<>();
  private int mostInAMinute;
  private int limited;
  private int overdue;

  YearOfRotationsTest() throws InterruptedException {
    log.setLevel(Level.WARN);
    genesys = new SimulatedGenesys(it.time::now, new Random(7));
    genesys.turn(Map.of(Knob.RATE_LIMIT.key(), 300));
    it.asked =
        new GenesysConnector(
                (request, receiver) -> Delivery.whole(exchange(request), receiver),
                it.time,
                new InlineTasks(),
                it.locks,
                new MemoryBudget(64 << 20, it.time, it.locks),
                0.9,
                "test")
            .connect(
                new Endpoint(URI.create("https://api.test"), URI.create("https://login.test")),
                new Credential(new ClientId(Seed.CLIENT_ID), Secret.of(Seed.CLIENT_SECRET)));
    it.bus = this::count;
  }

  @AfterEach
  void logAgain() {
    log.setLevel(null);
  }

  private Transport.Reply exchange(Transport.Request request) {
    boolean api = request.uri().getHost().startsWith("api.");
    var reply =
        genesys.handle(
            new SimulatedRequest(
                api ? Origin.API : Origin.LOGIN,
                request.method(),
                request.uri().getPath(),
                Optional.ofNullable(request.uri().getRawQuery()).orElse(""),
                request.headers(),
                request.body()));
    var inThisMinute = reply.headers().getOrDefault("inin-ratelimit-count", "0");
    mostInAMinute = Math.max(mostInAMinute, Integer.parseInt(inThisMinute));
    if (reply.status() == 429) {
      limited++;
    }
    return new Transport.Reply(reply.status(), reply.headers(), reply.body());
  }

  private void count(String type, Map<String, String> metadata) {
    switch (type) {
      case "genesys/static-role-rotated" -> {
        var former = metadata.getOrDefault("previous_client_id", "");
        if (!former.isEmpty()) {
          rotationsOfDay[(int) ChronoUnit.DAYS.between(FakeTime.START, it.time.now())]++;
          assertThat(switched.put(former, it.time.now())).as("succeeded twice").isNull();
        }
      }
      case "genesys/static-role-decommissioned" ->
          assertThat(decommissioned.add(metadata.getOrDefault("client_id", ""))).isTrue();
      case "genesys/static-role-overdue" -> overdue++;
      default -> throw new AssertionError(type + " " + metadata);
    }
  }

  @Test
  void every_rotation_of_a_year_ends_and_the_days_are_alike() throws Exception {
    var pair = SimulatedOrganization.HELD_PAIR.split(":", -1);
    var monthly =
        new RotationTiming(
            RotationHarness.PERIOD,
            "",
            Duration.ZERO,
            RotationHarness.GRACE,
            Duration.ofDays(STAGGER_DAYS),
            Duration.ZERO);
    for (int i = 0; i < ROLES; i++) {
      it.role("role-" + i, monthly, pair[0] + ":" + pair[1]);
    }
    it.liveFor(Duration.ofDays(DAYS));

    var ended = it.time.now().minus(RotationHarness.GRACE).minus(Delays.STANDARD.overdue());
    var finished =
        switched.entrySet().stream()
            .filter(rotation -> rotation.getValue().isBefore(ended))
            .map(Map.Entry::getKey)
            .toList();
    System.out.printf(
        "%d roles, %d days: %d rotations, %d of them long enough ago to have ended, %d former clients decommissioned, %d overdue, at most %d calls in a minute of one token, %d replies 429%n",
        ROLES,
        DAYS,
        switched.size(),
        finished.size(),
        decommissioned.size(),
        overdue,
        mostInAMinute,
        limited);
    for (int month = 0; month * PERIOD_DAYS < DAYS; month++) {
      show(month * PERIOD_DAYS, Math.min(DAYS, (month + 1) * PERIOD_DAYS));
    }
    assertThat(decommissioned).containsAll(finished);
    assertThat(switched.keySet()).containsAll(decommissioned);
    assertThat(genesys.clients().values().stream().filter(YearOfRotationsTest::isOurs))
        .hasSize(ROLES + switched.size() - decommissioned.size());
    assertThat(overdue).isZero();
    assertThat(limited).isZero();
    assertThat(mostInAMinute).isPositive().isLessThanOrEqualTo(BUDGET);
    for (int day = 0; day < DAYS; day++) {
      double even = even(day);
      assertThat((double) rotationsOfDay[day])
          .as("rotations of day %d", day)
          .isBetween(even - most(even), even + most(even));
    }
  }

  private void show(int from, int to) {
    var days = IntStream.range(from, to).map(day -> rotationsOfDay[day]).summaryStatistics();
    System.out.printf(
        "rotations a day, days %d to %d: min %d, mean %.1f, max %d; even would be at most %.1f%n",
        from,
        to - 1,
        days.getMin(),
        days.getAverage(),
        days.getMax(),
        IntStream.range(from, to).mapToDouble(YearOfRotationsTest::even).max().orElse(0));
  }

  /**
   * Returns how many rotations a day has where the shares of the stagger are perfectly even: the
   * n-th of every role falls into days that are n staggers long, and end with the n-th period.
   */
  private static double even(int day) {
    double even = 0;
    for (int n = 1; n * (PERIOD_DAYS - STAGGER_DAYS) <= day + 1; n++) {
      int first = n * (PERIOD_DAYS - STAGGER_DAYS);
      int end = n * PERIOD_DAYS;
      if (first <= day && day < end) {
        even += (double) ROLES / (end - first);
      }
    }
    return even;
  }

  /** A role that waited for its turn may fall into the next day. */
  private static double most(double even) {
    return 1 + MOST_DEVIATIONS * Math.sqrt(even);
  }

  private static boolean isOurs(Map<String, Object> client) {
    return String.valueOf(client.get("name")).contains(RotationHarness.MARK.value());
  }
}
