package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.genesys.GenesysConnector;
import dev.genesysvault.genesys.Transport;
import dev.genesysvault.lifecycle.Delays;
import dev.genesysvault.simulator.Knob;
import dev.genesysvault.simulator.Seed;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import dev.genesysvault.storage.RotationTiming;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.SimulatedOrganization;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Many static roles that were made at once, for a year, with the real adapter to Genesys and its
 * request budget, and a simulated Genesys that limits requests as the real one does. {@code
 * -DyearRoles=500} for more of them.
 */
final class YearOfRotationsTest {
  private static final int ROLES = Integer.getInteger("yearRoles", 100);
  private static final int DAYS = 365;

  private final RotationHarness it;
  private final SimulatedGenesys genesys;
  private final Map<Integer, Integer> rotationsOfDay = new TreeMap<>();
  private final Map<String, Integer> callsOfMinute = new HashMap<>();
  private int limited;
  private int decommissioned;
  private int overdue;

  YearOfRotationsTest() throws InterruptedException {
    // Here, clients are ended once a day.
    it =
        new RotationHarness(
            new Delays(
                Delays.STANDARD.longestRequest(),
                Delays.STANDARD.visibility(),
                Delays.STANDARD.propagation(),
                Duration.ofHours(26)));
    genesys = new SimulatedGenesys(it.time::now, new Random(7));
    genesys.turn(Map.of(Knob.RATE_LIMIT.key(), 300));
    it.asked =
        new GenesysConnector(this::exchange, it.time, it.locks, 0.9, "test")
            .connect(
                new Endpoint(URI.create("https://api.test"), URI.create("https://login.test")),
                new Credential(new ClientId(Seed.CLIENT_ID), Secret.of(Seed.CLIENT_SECRET)));
    it.bus = this::count;
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
    if (api) {
      var token = request.headers().getOrDefault("Authorization", "");
      callsOfMinute.merge(it.time.now().getEpochSecond() / 60 + token, 1, Integer::sum);
    }
    if (reply.status() == 429) {
      limited++;
    }
    return new Transport.Reply(reply.status(), reply.headers(), reply.body());
  }

  private void count(String type, Map<String, String> metadata) {
    switch (type) {
      case "genesys/static-role-rotated" ->
          rotationsOfDay.merge(
              (int) ChronoUnit.DAYS.between(FakeTime.START, it.time.now()), 1, Integer::sum);
      case "genesys/static-role-decommissioned" -> decommissioned++;
      case "genesys/static-role-overdue" -> overdue++;
      default -> throw new AssertionError(type + " " + metadata);
    }
  }

  @Test
  void every_rotation_of_a_year_ends_and_the_request_budget_is_kept() throws Exception {
    var pair = SimulatedOrganization.HELD_PAIR.split(":", -1);
    var monthly =
        new RotationTiming(
            RotationHarness.PERIOD,
            "",
            Duration.ZERO,
            RotationHarness.GRACE,
            Duration.ofDays(3),
            Duration.ZERO);
    for (int i = 0; i < ROLES; i++) {
      it.role("role-" + i, monthly, pair[0] + ":" + pair[1]);
    }
    while (it.time.now().isBefore(FakeTime.START.plus(Duration.ofDays(DAYS)))) {
      it.rotateFor(Duration.ofHours(23)).endFor(Duration.ofHours(1));
    }
    it.rotateFor(Duration.ofHours(3)).endFor(Duration.ofHours(1)).rotateFor(Duration.ofHours(3));

    int rotations = rotationsOfDay.values().stream().mapToInt(Integer::intValue).sum() - ROLES;
    System.out.printf(
        "%d roles, %d days: %d rotations, %d decommissioned, %d overdue, %d replies 429, at most %d calls a minute with one token%n",
        ROLES,
        DAYS,
        rotations,
        decommissioned,
        overdue,
        limited,
        callsOfMinute.values().stream().mapToInt(Integer::intValue).max().orElse(0));
    for (var months : List.of(List.of(20, 50), List.of(80, 110), List.of(335, 365))) {
      System.out.printf("rotations a day from day %d on: %s%n", months.getFirst(), perDay(months));
    }
    assertThat(rotations).isGreaterThan(ROLES * (DAYS / 30 - 1));
    assertThat(overdue).isZero();
    assertThat(limited).isZero();
    assertThat(genesys.clients().values().stream().filter(YearOfRotationsTest::isOurs))
        .hasSizeBetween(ROLES, ROLES + 40);
    assertThat(perDay(List.of(335, 365))).allMatch(count -> count <= 1 + ROLES / 6);
  }

  private static boolean isOurs(Map<String, Object> client) {
    return String.valueOf(client.get("name")).contains(RotationHarness.MARK.value());
  }

  private List<Integer> perDay(List<Integer> fromTo) {
    return IntStream.range(fromTo.getFirst(), fromTo.getLast())
        .mapToObj(day -> rotationsOfDay.getOrDefault(day, 0))
        .toList();
  }
}
