package dev.genesysvault;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class EnabledTest {
  @Test
  void loads_what_it_is_told_of() {
    assertThatCode(() -> Enabled.load("")).doesNotThrowAnyException();
    assertThatCode(() -> Enabled.load("aws, gcp, cloudwatch,")).doesNotThrowAnyException();
  }

  @Test
  void says_what_there_is() {
    assertThatThrownBy(() -> Enabled.load("aws,azure"))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "--enable names \"azure\"; must be of aws, gcp, cloudwatch, with commas between");
  }
}
