package dev.genesysvault.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers come from a file, and nothing of it is quoted. */
final class HeadersFileTest {
  @TempDir Path folder;

  private HeadersFile file(String text) throws IOException {
    return new HeadersFile(Files.writeString(folder.resolve("headers"), text));
  }

  @Test
  void headers_are_read_line_by_line() throws Exception {
    assertThat(file("Authorization: Api-Token a:b\r\n\n x-scope-orgid :tenant\n").read())
        .isEqualTo(Map.of("Authorization", "Api-Token a:b", "x-scope-orgid", "tenant"));
    assertThat(file("").read()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3cr3t",
        ": s3cr3t",
        "a b: s3cr3t",
        "a: s3cr3t\u0001",
        "a: s3cr3t\nA: s3cr3t",
        "Host: s3cr3t"
      })
  void what_is_no_header_is_refused_without_a_word_of_it(String text) {
    assertThatThrownBy(() -> file(text).read())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("--metrics-otlp-headers-file is \"")
        .hasMessageContaining("line ")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void a_file_that_is_too_large_or_not_there_is_refused() {
    assertThatThrownBy(() -> file("a: b\n".repeat(10_000)).read())
        .hasMessageContaining("it has more than 16,384 bytes");
    assertThatThrownBy(() -> new HeadersFile(folder.resolve("none")).read())
        .hasMessageContaining("it does not exist");
    assertThatThrownBy(
            () -> {
              var text = new StringBuilder();
              for (int i = 0; i < 40; i++) {
                text.append("h").append(i).append(": v\n");
              }
              var _ = file(text.toString()).read();
            })
        .hasMessageContaining("it has more than 32 headers");
  }
}
