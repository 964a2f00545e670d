package dev.genesysvault.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;

/** Lines as people and collectors read them. */
final class LinesTest {
  private final FakeTime time = new FakeTime();
  private final List<String> written = new ArrayList<>();
  private final LoggerContext logback = new LoggerContext();

  private Logger ours(LogFormat format) {
    return logger(format, "dev.genesysvault.rotation.Rotations");
  }

  private Logger logger(LogFormat format, String name) {
    appender(format);
    return logback.getLogger(name);
  }

  private LineAppender appender(LogFormat format) {
    var appender = new LineAppender(LineForm.of(format), time, new SystemLocks(), written::add);
    appender.setContext(logback);
    appender.start();
    logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return appender;
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(written.getLast());
  }

  private static void asked(LogContext.Body body) throws InterruptedException {
    var _ =
        LogContext.call(
            "request-1",
            () -> "genesys/",
            () -> {
              body.run();
              return "";
            });
  }

  @Test
  void a_text_line_has_time_level_class_message_and_fields() {
    ours(LogFormat.TEXT).atWarn().addKeyValue("mount", "uuid \"1\"").addKeyValue("ms", 7).log("it");

    assertThat(written.getFirst())
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN  Rotations it mount=\"uuid \\\\\"1\\\\\"\" ms=\"7\"\n");
  }

  @Test
  void a_json_line_is_one_object_with_the_fields_as_members() throws Exception {
    ours(LogFormat.JSON).atWarn().addKeyValue("mount", "u-1").addKeyValue("ms", 7).log("it");

    assertThat(written.getFirst()).endsWith("}\n").doesNotContain("}\n{");
    assertThat(json().path("level").asText()).isEqualTo("WARN");
    assertThat(json().path("logger").asText()).isEqualTo("dev.genesysvault.rotation.Rotations");
    assertThat(json().path("message").asText()).isEqualTo("it");
    assertThat(json().path("mount").asText()).isEqualTo("u-1");
    assertThat(json().path("ms").isInt()).isTrue();
    assertThat(json().path("time").asText()).endsWith("Z");
  }

  @ParameterizedTest
  @EnumSource
  void a_line_says_for_whom_it_was_written(LogFormat format) throws Exception {
    var log = ours(format);

    asked(() -> {
      LogContext.met("cid-7");
      log.warn("it");
    });
    log.warn("nobody");

    assertThat(written.getFirst()).contains("request-1", "genesys/", "cid-7");
    assertThat(written.getLast()).doesNotContain("request", "mount", "correlation");
  }

  @Test
  void one_step_says_nothing_of_the_call_that_another_step_made() throws Exception {
    var log = ours(LogFormat.TEXT);

    asked(() -> {
      LogContext.anew(() -> LogContext.met("cid-7"));
      LogContext.anew(() -> log.warn("next"));
    });

    assertThat(written.getFirst()).contains("request-1").doesNotContain("cid-7");
  }

  @Test
  void a_task_that_is_started_works_for_the_same() throws Exception {
    var log = ours(LogFormat.TEXT);
    var done = new CountDownLatch(1);

    asked(() -> {
      var _ =
          new VirtualThreadTasks()
              .start(
                  "task",
                  () -> {
                    log.warn("beside");
                    done.countDown();
                  });
      done.await();
    });

    assertThat(written.getFirst()).contains("request-1", "genesys/");
  }

  @ParameterizedTest
  @EnumSource
  void what_others_said_stays_on_its_line(LogFormat format) {
    ours(format).atWarn().addKeyValue("reason", "a\nWARN  b\u202e\u0007").log("it\nx");

    assertThat(written.getFirst().stripTrailing()).hasLineCount(1);
    assertThat(written.getFirst()).doesNotContain("\u202e", "\u0007", "\\n");
  }

  @ParameterizedTest
  @EnumSource
  void what_an_exception_says_stays_on_its_line(LogFormat format) throws Exception {
    var forged = "why\r\n2026-03-01T08:00:00.123Z WARN  Forged a\u2028b\u0085c\u001b[2Jd\u202ee";
    var thrown = new IllegalStateException(forged, new IOException(forged));
    thrown.addSuppressed(new OwnText(forged));

    ours(format).error("bug", thrown);

    var text = format == LogFormat.JSON ? json().path("exception").asText() : written.getFirst();
    assertThat(text.lines().filter(line -> line.contains("Forged")))
        .hasSize(3)
        .allMatch(line -> line.contains("why") && line.endsWith("a b c [2Jd e"));
    assertThat(text).doesNotContain("\u2028", "\u0085", "\u001b", "\u202e", "\r");
  }

  /** An exception that shows itself in its own way. */
  private static final class OwnText extends RuntimeException {
    private static final long serialVersionUID = 1;

    OwnText(String message) {
      super(message);
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // What libraries do all the same.
    public String toString() {
      return "own: " + getMessage();
    }
  }

  @Test
  void all_that_belongs_to_one_text_line_and_is_below_it_begins_with_a_tab() {
    ours(LogFormat.TEXT).error("bug", new IllegalStateException("why", new IOException("x")));

    assertThat(written.getFirst().lines().skip(1)).isNotEmpty().allMatch(it -> it.startsWith("\t"));
    assertThat(written.getFirst()).endsWith("\n").doesNotEndWith("\n\n");
  }

  @ParameterizedTest
  @EnumSource
  void a_line_is_bounded_however_much_it_was_to_say(LogFormat format) {
    var line = ours(format).atError().setCause(nested(100));
    for (int i = 0; i < 1_000; i++) {
      line = line.addKeyValue("field" + i, "\"".repeat(100_000));
    }
    line.log("\"".repeat(100_000));

    assertThat(written.getFirst()).hasSizeLessThan(120_000);
  }

  private static Exception nested(int depth) {
    return depth == 0
        ? new IllegalStateException("x".repeat(100_000))
        : new IllegalStateException("x".repeat(1_000), nested(depth - 1));
  }

  @ParameterizedTest
  @EnumSource
  void an_exception_is_told_with_its_frames(LogFormat format) {
    ours(format).error("bug", new IllegalStateException("why"));

    assertThat(written.getFirst()).contains("IllegalStateException: why", "LinesTest");
  }

  @Test
  void of_lines_with_one_cause_the_last_one_says_how_many_there_were() throws Exception {
    var appender = appender(LogFormat.JSON);
    var log = logback.getLogger("dev.genesysvault.x");
    for (int i = 0; i < 100; i++) {
      log.atWarn()
          .addKeyValue("role", "role-" + i)
          .addKeyValue(LogCause.KEY, LogCause.at("away"))
          .log("it");
    }
    assertThat(written).hasSize(1);
    assertThat(json().has("count")).isFalse();

    time.advance(Duration.ofMinutes(1));
    appender.tick();

    assertThat(written).hasSize(2);
    assertThat(json().path("role").asText()).isEqualTo("role-99");
    assertThat(json().path("count").asInt()).isEqualTo(99);
    assertThat(written.getLast()).doesNotContain(LogCause.KEY);
  }

  @Test
  void a_line_that_stands_for_several_roles_names_them() throws Exception {
    var appender = appender(LogFormat.JSON);
    for (int i = 0; i < 20; i++) {
      logback
          .getLogger("dev.genesysvault.x")
          .atWarn()
          .addKeyValue("static_role", "role-" + i)
          .addKeyValue(LogCause.KEY, LogCause.at("overdue"))
          .log("it");
    }
    assertThat(json().path("static_role").asText()).isEqualTo("role-0");
    assertThat(json().has("static_roles")).isFalse();

    time.advance(Duration.ofMinutes(1));
    appender.tick();

    assertThat(json().path("static_role").asText()).isEqualTo("role-19");
    assertThat(json().path("static_roles").asText())
        .isEqualTo(
            "[role-1, role-2, role-3, role-4, role-5, role-6, role-7, role-8, role-9, role-10] and 9 more");
  }

  @Test
  void a_library_that_repeats_itself_is_told_once() {
    var log = logger(LogFormat.TEXT, "com.example.Library");
    for (int i = 0; i < 100; i++) {
      log.warn("cannot reach {}", "host-" + i);
    }

    assertThat(written).hasSize(1);
  }

  @Test
  void what_is_held_is_written_at_the_end() {
    var appender = appender(LogFormat.TEXT);
    var log = logback.getLogger("dev.genesysvault.x");
    log.atWarn().addKeyValue(LogCause.KEY, LogCause.at("away")).log("one");
    log.atWarn().addKeyValue(LogCause.KEY, LogCause.at("away")).log("two");

    appender.flush();

    assertThat(written).hasSize(2);
  }
}
