package dev.genesysvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line of plain flags means what the whole command line's library makes of it. */
final class PlainFlagsTest {
  private static Map<Flag, String> byProgram(String... arguments) {
    var found = new EnumMap<Flag, String>(Flag.class);
    int status =
        Program.run(
            arguments,
            values -> {
              found.putAll(values);
              return 0;
            });
    assertThat(status).isZero();
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--socket=/x/y.sock",
        "--socket /x --enable aws,gcp",
        "--page-names",
        "--page-names --socket=/x",
        "--page-names=false --metrics-role-label",
        "--metrics-role-label true --socket /a=b",
        "--proxy=http://proxy.example:3128 --no-proxy=.corp.example,10.0.0.0/8",
        "--longest-request=4s --visibility-delay=2s --propagation-delay=1s"
      })
  void what_is_plain_means_the_same_to_both(String line) {
    var arguments = line.isEmpty() ? new String[0] : line.split(" ", -1);

    var plain = PlainFlags.read(List.of(arguments)).orElseThrow();

    assertThat(PlainFlags.withVariables(plain, System.getenv())).isEqualTo(byProgram(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-V",
        "import-fleet",
        "@flags",
        "--nonsense=1",
        "--socket",
        "--socket=",
        "--socket --enable=aws",
        "--socket=/x --socket=/y",
        "--socket=\"/x\"",
        "--proxy=${env:PROXY}",
        "--socket -x",
        "--socket=/x evidence"
      })
  void all_else_is_left_to_the_library(String line) {
    assertThat(PlainFlags.read(List.of(line.split(" ", -1)))).isEmpty();
  }

  @Test
  void a_flag_goes_before_its_variable_and_that_before_what_counts_without() {
    var environment =
        Map.of("GENESYS_SIDECAR_SOCKET", "/variable", "GENESYS_SIDECAR_LOG_FORMAT", "json");

    var values = PlainFlags.withVariables(Map.of(Flag.SOCKET, "/flag"), environment);

    assertThat(values)
        .containsEntry(Flag.SOCKET, "/flag")
        .containsEntry(Flag.LOG_FORMAT, "json")
        .containsEntry(Flag.ALARM_DELAY, "5m")
        .containsEntry(Flag.PROXY, "");
  }
}
