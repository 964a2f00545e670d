package dev.genesysvault.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.PrivateCa;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The files that an operator gives: certificates, and the log-in for the proxy. */
final class GivenFilesTest {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
  private static final String END = "-----END CERTIFICATE-----\n";

  @TempDir Path folder;

  private Path written(String text) throws IOException {
    return Files.writeString(folder.resolve("given"), text);
  }

  private static String header(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void reads_every_certificate_whatever_stands_between_them() throws Exception {
    var pem = PrivateCa.pem();
    var file =
        written("# ours - since 2026\n" + pem + "\r\nand again:\n" + pem.replace("\n", "\r\n"));

    assertThat(CaFile.read("--ca-file", file))
        .hasSize(2)
        .allMatch(it -> it.getSubjectX500Principal().getName().equals(PrivateCa.NAME));
  }

  @Test
  void authorities_are_trusted_beside_those_of_the_jvm_or_alone() throws Exception {
    var own = CaFile.read("--ca-file", PrivateCa.file(folder));
    var system = Trust.trusting(List.of()).getAcceptedIssuers();

    assertThat(system).hasSizeGreaterThan(50).doesNotContainAnyElementsOf(own);
    assertThat(Trust.trusting(own).getAcceptedIssuers())
        .hasSize(system.length + 1)
        .contains(system)
        .containsAll(own);
    assertThat(Trust.trustingOnly(own).getAcceptedIssuers()).containsExactlyElementsOf(own);
  }

  static Stream<Arguments> badCertificates() throws Exception {
    return Stream.of(
        Arguments.of("", "it holds no certificate in PEM"),
        Arguments.of("-----BEGIN PUBLIC KEY-----\n", "it holds no certificate in PEM"),
        Arguments.of(BEGIN + "AAAA", "certificate 1 has no end"),
        Arguments.of(BEGIN + "AAAA\n" + END, "certificate 1 cannot be understood"),
        Arguments.of(BEGIN + END, "certificate 1 cannot be understood"),
        Arguments.of(
            PrivateCa.pem() + BEGIN + "====\n" + END, "certificate 2 cannot be understood"),
        Arguments.of(
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n" + PrivateCa.pem(), "it holds a private key"),
        Arguments.of("x".repeat(1024 * 1024 + 1), "it has more than 1,048,576 bytes"));
  }

  @ParameterizedTest
  @MethodSource("badCertificates")
  void a_bad_file_of_certificates_is_refused_with_what_is_wrong_and_what_to_do(
      String text, String wrong) throws Exception {
    var file = written(text);

    assertThatThrownBy(() -> CaFile.read("--ca-file", file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("--ca-file is \"%s\": %s".formatted(file, wrong))
        .hasMessageContaining("it must be a file of one or more certificates in PEM");
  }

  @Test
  void what_is_no_file_is_refused() {
    assertThatThrownBy(() -> CaFile.read("--ca-file", folder))
        .hasMessageContaining("it is no file");
    assertThatThrownBy(() -> CaFile.read("--ca-file", folder.resolve("none")))
        .hasMessageContaining("it does not exist");
    assertThatThrownBy(() -> CaFile.read("--ca-file", Path.of("/dev/zero")))
        .hasMessageContaining("no file");
    assertThatThrownBy(() -> ProxyCredentialsFile.open(Path.of("/dev/zero")))
        .hasMessageContaining("--proxy-credentials-file is \"/dev/zero\": it is no file");
  }

  @Test
  void a_log_in_is_read_each_time_and_the_last_good_one_goes_on() throws Exception {
    var path = written("vault:one\n");
    var file = ProxyCredentialsFile.open(path);
    assertThat(file.get().map(it -> it.header().reveal())).contains(header("vault:one"));

    Files.writeString(path, "vault:tw:o\r\n");
    assertThat(file.get().map(it -> it.header().reveal())).contains(header("vault:tw:o"));

    try (var logs = new CapturedLogs()) {
      Files.writeString(path, "s3cret");
      file.get();
      assertThat(file.get().map(it -> it.header().reveal())).contains(header("vault:tw:o"));
      Files.delete(path);
      assertThat(file.get().map(it -> it.header().reveal())).contains(header("vault:tw:o"));
      assertThat(logs.lines()).hasSize(2).noneMatch(line -> line.contains("s3cret"));
    }

    Files.writeString(path, "vault:three");
    assertThat(file.get().map(it -> it.header().reveal())).contains(header("vault:three"));
  }

  @Test
  void a_bad_file_of_a_log_in_is_refused_without_quoting_it() throws Exception {
    for (var text : new String[] {"s3cret", "", "vault:s3cret\nmore", "s3cret".repeat(800)}) {
      var path = written(text);
      assertThatThrownBy(() -> ProxyCredentialsFile.open(path))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("--proxy-credentials-file is \"%s\": ".formatted(path))
          .hasMessageContaining("it must be a file of one line, user:password")
          .hasMessageNotContaining("s3cret");
    }
    var path = Files.write(folder.resolve("latin"), new byte[] {'v', ':', (byte) 0xfc});
    assertThatThrownBy(() -> ProxyCredentialsFile.open(path)).hasMessageContaining("not UTF-8");
  }
}
