package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Prometheus itself says of the files that it is to be given. */
final class PrometheusRulesTest {
  private static final Path FOLDER = Path.of("operations/prometheus").toAbsolutePath();

  private final DebianTools tools;

  PrometheusRulesTest() throws Exception {
    tools = DebianTools.prometheus();
  }

  private String run(String program, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(tools.program(program)));
    command.addAll(List.of(arguments));
    return RealProcess.run(command);
  }

  private static String file(String name) {
    return FOLDER.resolve(name).toString();
  }

  @Test
  void the_rules_and_the_configuration_with_them_are_valid() throws Exception {
    assertThat(run("promtool", "check", "config", "--lint-fatal", file("prometheus.yml")))
        .contains("rules found");
  }

  @Test
  void each_alert_comes_and_stays_away_when_it_should() throws Exception {
    assertThat(run("promtool", "test", "rules", file("genesys-vault.test.yml")))
        .contains("SUCCESS");
  }

  @Test
  void the_configuration_of_alertmanager_is_valid() throws Exception {
    assertThat(run("amtool", "check-config", file("alertmanager.yml"))).contains("SUCCESS");
  }
}
