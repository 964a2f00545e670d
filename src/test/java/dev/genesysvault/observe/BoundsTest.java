package dev.genesysvault.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.Exposition;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whatever callers send, what is told apart is bounded, and what exists finds a place. */
final class BoundsTest {
  private static final String ROLES = "genesys_vault_role_requests_total";

  private final FakeTime time = new FakeTime();
  private final Metrics metrics = new Metrics("v9.9.9", true, time, new SystemLocks());
  private final List<String> mounts = new ArrayList<>(List.of("genesys/"));

  BoundsTest() {
    metrics.add(readings ->
        mounts.forEach(mount -> {
          readings.present(mount);
          readings.is(Metric.SESSION_OPEN, 1, mount);
          readings.is(Metric.CLIENTS, 2, mount, "issued");
        }));
  }

  @AfterEach
  void end() {
    metrics.close();
  }

  private String text() {
    time.advance(Duration.ofSeconds(2));
    return new String(metrics.page("").body(), UTF_8);
  }

  private Exposition scrape() {
    return Exposition.parse(text());
  }

  private void readsOf(String role, String result) {
    metrics.meters().count(Metric.ROLE_REQUESTS, "genesys/", "creds/name", role, result);
  }

  @Test
  void ten_thousand_hostile_names_make_no_more_lines_than_the_labels_bounds() {
    for (int i = 0; i < 10_000; i++) {
      var hostile = "\"} 1\n# HELP x\\\u0000\u202e{" + i;
      mounts.add(hostile);
      metrics.meters().count(Metric.REQUESTS, hostile, hostile, hostile, hostile);
      readsOf(hostile, "ok");
      metrics.meters().took(Metric.GENESYS_CALL_DURATION, 1, hostile + "x".repeat(i));
    }
    metrics.add(readings -> {
      for (int i = 0; i < 10_000; i++) {
        readings.is(Metric.STATIC_ROLE_IN_TROUBLE, 1, "genesys/", "role-" + i);
      }
    });

    var text = text();
    var shown = Exposition.parse(text);

    assertThat(shown.values("genesys_vault_requests_total", "path"))
        .hasSizeLessThanOrEqualTo(Label.PATH.most() + 1);
    assertThat(shown.values("genesys_vault_session_open", "mount"))
        .hasSize(Label.MOUNT.most() + 1)
        .contains("genesys/", Label.OTHER);
    assertThat(shown.value("genesys_vault_clients", "mount=other", "state=issued"))
        .hasValue(2.0 * (10_001 - Label.MOUNT.most()));
    assertThat(shown.values(ROLES, "role")).hasSize(Label.ROLE.most() + 1);
    assertThat(shown.values("genesys_vault_static_role_in_trouble", "role"))
        .hasSizeLessThanOrEqualTo(Label.ROLE.most() + 1)
        .contains(Label.OTHER);
    assertThat(text).hasSizeLessThan(1_000_000).doesNotContain("\u0000", "\u202e");
  }

  @Test
  void what_labels_allow_together_is_bounded_for_each_metric() {
    for (int mount = 0; mount < 100; mount++) {
      mounts.add("m%d/".formatted(mount));
      for (int role = 0; role < 200; role++) {
        for (var result : List.of("ok", "genesys_failed")) {
          metrics
              .meters()
              .count(
                  Metric.ROLE_REQUESTS, "m%d/".formatted(mount), "creds/name", "r" + role, result);
        }
        metrics.meters().took(Metric.REQUEST_DURATION, 1, "p" + mount % 50, "o" + role, "ok");
      }
    }
    metrics.add(readings -> {
      for (int i = 0; i < 20_000; i++) {
        readings.is(Metric.STATIC_ROLE_IN_TROUBLE, 1, "m%d/".formatted(i % 100), "role-" + i / 100);
      }
    });

    var text = text();
    var shown = Exposition.parse(text);

    assertThat(shown.family(ROLES)).hasSizeLessThanOrEqualTo(Metric.ROLE_REQUESTS.mostSeries() + 1);
    assertThat(shown.sum(ROLES)).isEqualTo(40_000);
    assertThat(shown.family("genesys_vault_request_duration_seconds_count"))
        .hasSizeLessThanOrEqualTo(Metric.REQUEST_DURATION.mostSeries() + 1);
    assertThat(shown.family("genesys_vault_static_role_in_trouble"))
        .hasSizeLessThanOrEqualTo(Metric.STATIC_ROLE_IN_TROUBLE.mostSeries() + 1);
    assertThat(shown.sum("genesys_vault_static_role_in_trouble")).isEqualTo(20_000);
    assertThat(text).hasSizeLessThan(2_000_000);
  }

  @Test
  void a_role_that_nobody_vouched_for_takes_no_place() {
    for (int i = 0; i < 1_000; i++) {
      metrics
          .meters()
          .countKnown(Metric.ROLE_REQUESTS, "genesys/", "creds/name", "no-" + i, "refused");
    }
    readsOf("payroll", "ok");
    metrics
        .meters()
        .countKnown(Metric.ROLE_REQUESTS, "genesys/", "creds/name", "payroll", "refused");

    var shown = scrape();

    assertThat(shown.values(ROLES, "role")).containsExactlyInAnyOrder(Label.OTHER, "payroll");
    assertThat(shown.sum(ROLES, "role=other", "result=refused")).isEqualTo(1_000);
    assertThat(shown.sum(ROLES, "role=payroll", "result=refused")).isEqualTo(1);
  }

  @Test
  void a_role_that_nobody_reads_any_more_makes_room_for_another() {
    for (int i = 0; i < Label.ROLE.most(); i++) {
      readsOf("former-" + i, "ok");
    }
    readsOf("new", "ok");
    assertThat(scrape().values(ROLES, "role")).doesNotContain("new");

    readsOf("former-0", "ok");
    time.advance(Duration.ofMinutes(59));
    readsOf("former-0", "ok");
    var _ = scrape();
    time.advance(Duration.ofMinutes(59));
    var _ = scrape();
    readsOf("new", "ok");

    var shown = scrape();
    assertThat(shown.values(ROLES, "role")).contains("new", "former-0").doesNotContain("former-1");
    assertThat(shown.sum(ROLES, "role=former-0")).isEqualTo(3);
  }

  @Test
  void each_mount_has_places_for_roles_of_its_own() {
    mounts.add("other/");
    for (int i = 0; i < Label.ROLE.most(); i++) {
      readsOf("role-" + i, "ok");
    }
    metrics.meters().count(Metric.ROLE_REQUESTS, "other/", "creds/name", "payroll", "ok");

    assertThat(scrape().sum(ROLES, "mount=other/", "role=payroll")).isEqualTo(1);
  }

  @Test
  void what_is_counted_while_a_mount_vanishes_is_counted_anew() throws Exception {
    var counting =
        Thread.ofVirtual()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
              }
            });
    for (int i = 0; i < 500; i++) {
      mounts.clear();
      var _ = scrape();
      mounts.add("genesys/");
      var _ = scrape();
    }
    counting.interrupt();
    counting.join();

    metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
    var before = scrape().sum("genesys_vault_requests_total");
    metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
    assertThat(scrape().sum("genesys_vault_requests_total")).isEqualTo(before + 1);
  }
}
