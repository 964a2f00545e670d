package dev.genesysvault.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a file that follows from a list, between two lines that say so.
 *
 * @param begins the line before it
 * @param ends the line after it
 */
record KeptPart(Path file, String begins, String ends) {
  private static final String RENEW =
      "mvn test -Dexec.skip -Dtest=AlarmsInOperationsTest -Dgolden.update";

  /** Fails where the part is otherwise; writes it where that was asked for. */
  void mustBe(String text) throws IOException {
    var whole = Files.readString(file);
    int begin = after(whole);
    int end = whole.indexOf(ends, begin);
    assertThat(end).as("a line '%s' in %s", ends, file).isNotNegative();
    if (System.getProperty("golden.update") != null) {
      Files.writeString(file, whole.substring(0, begin) + text + whole.substring(end));
      return;
    }
    assertThat(whole.substring(begin, end))
        .as("the part of %s that follows from the list; to renew it: %s", file, RENEW)
        .isEqualTo(text);
  }

  private int after(String whole) {
    int begin = whole.indexOf(begins);
    assertThat(begin).as("a line '%s' in %s", begins, file).isNotNegative();
    return begin + begins.length();
  }
}
