package dev.genesysvault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.network.NoProxy;
import dev.genesysvault.network.ProxyLogIn;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import dev.genesysvault.testing.CapturedLogs;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WayOutTest {
  @TempDir Path folder;

  private static NetworkSettings through(String url, Optional<Path> credentialsFile) {
    var rules =
        new ProxyRules(Optional.of(ProxyUrl.parse(url)), false, NoProxy.parse("a.test,<x>"));
    return new NetworkSettings(Optional.of(rules), credentialsFile, Optional.empty());
  }

  @Test
  void the_file_goes_before_what_the_url_says_and_what_is_ignored_is_told() throws Exception {
    var file = Files.writeString(folder.resolve("log-in"), "of-the-file:s3cret");

    try (var logs = new CapturedLogs()) {
      var network = WayOut.open(through("of-the-url:s3cret@proxy.test:3128", Optional.of(file)));

      assertThat(network.proxyLogIn().map(ProxyLogIn::user)).contains("of-the-file");
      assertThat(network.proxyTo(URI.create("https://b.test/")))
          .map(Object::toString)
          .contains("proxy.test/<unresolved>:3128");
      assertThat(network.proxyTo(URI.create("https://a.test/"))).isEmpty();
      assertThat(logs.lines())
          .anyMatch(line -> line.contains("NO_PROXY has entries") && line.contains("<x>"))
          .anyMatch(line -> line.contains("proxy.test:3128") && line.contains("of-the-file"))
          .noneMatch(line -> line.contains("s3cret"));
    }
  }
}
