package dev.genesysvault.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.metrics.Gauges;
import dev.genesysvault.metrics.Label;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.metrics.ProcessMetric;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.testing.Exposition;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is reported is shown as Prometheus reads it, and never without bounds. */
final class MetricsTextTest {
  private static final String OPEN_METRICS = "application/openmetrics-text;version=1.0.0,*/*;q=0.1";

  private final FakeTime time = new FakeTime();
  private final Metrics metrics = new Metrics("v9.9.9", false, time, new SystemLocks());
  private final Metrics withRoles = new Metrics("v9.9.9", true, time, new SystemLocks());
  private final List<String> mounts = new ArrayList<>(List.of("genesys/"));

  @AfterEach
  void end() {
    metrics.close();
    withRoles.close();
  }

  private String text(Metrics of, String accept) {
    time.advance(Duration.ofSeconds(2));
    return new String(of.page(accept).body(), UTF_8);
  }

  private Exposition scrape(Metrics of) {
    return Exposition.parse(text(of, ""));
  }

  private void mountsAreThere(Metrics of) {
    of.add(readings ->
        mounts.forEach(mount -> {
          readings.present(mount);
          readings.is(Metric.SESSION_OPEN, 1, mount);
          readings.is(Metric.CLIENTS, 2, mount, "issued");
        }));
  }

  @Test
  void what_is_counted_and_timed_is_shown_with_its_labels() {
    mountsAreThere(metrics);
    metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
    metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
    metrics.meters().took(Metric.REQUEST_DURATION, 2_000_000_000L, "creds/name", "read", "ok");
    metrics.meters().held(Metric.REQUEST_STORAGE_OPERATIONS, 3, "creds/name", "read");

    var shown = scrape(metrics);

    assertThat(
            shown.value(
                "genesys_vault_requests_total",
                "mount=genesys/",
                "operation=read",
                "path=creds/name",
                "result=ok"))
        .hasValue(2);
    assertThat(
            shown.value(
                "genesys_vault_request_duration_seconds_sum",
                "operation=read",
                "path=creds/name",
                "result=ok"))
        .hasValue(2);
    assertThat(
            shown.value(
                "genesys_vault_request_duration_seconds_bucket",
                "le=1.0",
                "operation=read",
                "path=creds/name",
                "result=ok"))
        .hasValue(0);
    assertThat(
            shown.value(
                "genesys_vault_request_duration_seconds_bucket",
                "le=2.5",
                "operation=read",
                "path=creds/name",
                "result=ok"))
        .hasValue(1);
    assertThat(
            shown.value(
                "genesys_vault_request_storage_operations_sum",
                "operation=read",
                "path=creds/name"))
        .hasValue(3);
    assertThat(shown.value("genesys_vault_clients", "mount=genesys/", "state=issued")).hasValue(2);
  }

  @Test
  void both_forms_of_text_are_whole_and_show_the_same() {
    mountsAreThere(metrics);
    Stream.of(Metric.values()).forEach(this::reportOnce);

    var plain = text(metrics, "");
    var open = text(metrics, OPEN_METRICS);

    assertThat(metrics.page("").contentType()).startsWith("text/plain; version=0.0.4");
    assertThat(metrics.page(OPEN_METRICS).contentType())
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(open).endsWith("# EOF\n");
    assertThat(Exposition.parse(plain).names())
        .containsExactlyInAnyOrderElementsOf(Exposition.parse(open).names());
  }

  private void reportOnce(Metric metric) {
    var labels = metric.labels().stream().map(Label::word).toArray(String[]::new);
    switch (metric.kind()) {
      case COUNTER -> metrics.meters().count(metric, labels);
      case TIMER -> metrics.meters().took(metric, 1, labels);
      case SUMMARY -> metrics.meters().held(metric, 1, labels);
      case GAUGE -> metrics.add(readings -> readings.is(metric, 1, labels));
    }
  }

  @Test
  void every_name_and_label_is_that_of_the_list() {
    metrics.add(readings -> readings.present("mount"));
    Stream.of(Metric.values()).forEach(this::reportOnce);

    var shown = scrape(metrics);

    for (var metric : Metric.values()) {
      if (!metric.namesRoles()) {
        assertThat(shown.family(metric.fullName())).as(metric.fullName()).isNotEmpty();
        assertThat(shown.help(metric.fullName())).as(metric.fullName()).isEqualTo(metric.help());
      }
    }
    var listed = new TreeSet<String>();
    Stream.of(Metric.values()).map(Metric::fullName).forEach(listed::add);
    Stream.of(ProcessMetric.values()).map(ProcessMetric::fullName).forEach(listed::add);
    assertThat(shown.names())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(known(name, listed)).as(name).isTrue());
  }

  @Test
  void a_counter_is_there_before_it_has_counted() {
    mountsAreThere(metrics);
    metrics.add(readings -> readings.begun(Metric.REQUESTS, "genesys/", "lease", "revoke", "bug"));
    String[] labels = {"mount=genesys/", "operation=revoke", "path=lease", "result=bug"};
    var name = "genesys_vault_requests_total";
    assertThat(scrape(metrics).value(name, labels)).hasValue(0);

    metrics.meters().count(Metric.REQUESTS, "genesys/", "lease", "revoke", "bug");
    assertThat(scrape(metrics).value(name, labels)).hasValue(1);

    mounts.clear();
    assertThat(scrape(metrics).values(name, "result")).containsExactly("bug");
  }

  private static boolean known(String name, Set<String> listed) {
    return Stream.of("", "_count", "_sum", "_max", "_bucket")
        .filter(name::endsWith)
        .anyMatch(end -> listed.contains(name.substring(0, name.length() - end.length())));
  }

  @Test
  void names_of_roles_are_shown_where_that_is_allowed_alone() {
    for (var each : List.of(metrics, withRoles)) {
      mountsAreThere(each);
      each.meters().count(Metric.ROLE_REQUESTS, "genesys/", "creds/name", "payroll", "ok");
      each.add(readings -> readings.is(Metric.STATIC_ROLE_IN_TROUBLE, 1, "genesys/", "crm"));
    }

    assertThat(text(metrics, "")).doesNotContain("payroll", "crm");
    assertThat(text(withRoles, "")).contains("payroll", "crm");
  }

  @Test
  void a_mount_that_vanished_is_reported_no_more_and_makes_room_for_others() {
    mountsAreThere(metrics);
    metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
    assertThat(text(metrics, "")).contains("mount=\"genesys/\"");

    mounts.clear();
    for (int i = 0; i < Label.MOUNT.most(); i++) {
      mounts.add("other-" + i + "/");
    }

    assertThat(text(metrics, "")).doesNotContain("genesys/").doesNotContain("mount=\"other\"");
    mounts.set(0, "genesys/");
    metrics.meters().count(Metric.REQUESTS, "genesys/", "creds/name", "read", "ok");
    assertThat(scrape(metrics).value("genesys_vault_session_open", "mount=genesys/")).hasValue(1);
  }

  @Test
  void asking_more_often_than_once_a_second_costs_nothing() {
    var asked = new ArrayList<String>();
    metrics.add(_ -> asked.add("once"));
    for (int i = 0; i < 100; i++) {
      var _ = metrics.page("");
    }
    assertThat(asked).hasSize(1);
    time.advance(Duration.ofSeconds(1));
    var _ = metrics.page("");
    assertThat(asked).hasSize(2);
  }

  @Test
  void the_process_is_shown() {
    var shown = scrape(metrics);

    assertThat(shown.names())
        .containsAll(
            Stream.of(ProcessMetric.values())
                .filter(metric -> metric != ProcessMetric.JVM_GC_PAUSE)
                .map(ProcessMetric::fullName)
                .collect(Collectors.toSet()));
    assertThat(shown.values("genesys_vault_build_info", "version")).containsExactly("v9.9.9");
  }

  @Test
  void a_metric_is_reported_as_what_it_is() {
    assertThatThrownBy(() -> metrics.meters().count(Metric.REQUEST_DURATION, "a", "b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> metrics.meters().count(Metric.REQUESTS, "a", "b"))
        .isInstanceOf(IllegalArgumentException.class);
    Gauges wrong = readings -> readings.is(Metric.REQUESTS, 1, "a", "b", "c", "d");
    metrics.add(wrong);
    assertThatThrownBy(() -> metrics.page("")).isInstanceOf(IllegalArgumentException.class);
  }
}
