package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The template of alarms, as CloudFormation and CloudWatch take it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class CloudWatchAlarmsTest {
  @Test
  void the_topic_is_deployed_and_each_alarm_is_taken(@TempDir Path folder) throws Exception {
    var output = OperationsTests.run(folder, "test_cloudwatch", Map.of());

    assertThat(output).contains("OK").contains("alarms");
  }
}
