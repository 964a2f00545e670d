package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.ForwardProxy;
import dev.genesysvault.testing.PrivateCa;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.TlsFront;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole, where a proxy with a log-in is the only way out and looks into TLS. */
@Timeout(180)
final class ThroughAProxyTest {
  private static final String PASSWORD = "pr0xy-s3cret";
  private static final Map<String, Object> CONFIG =
      SimulatedOrganization.config("https://api.genesys.test", "https://login.genesys.test");

  @TempDir Path folder;

  @Test
  void a_mount_works_through_the_proxy_and_nothing_goes_round_it() throws Exception {
    var logIn = Files.writeString(folder.resolve("log-in"), "vault:" + PASSWORD + "\n");
    try (var proxy = ForwardProxy.start().wants("vault", PASSWORD);
        var stack =
            Stack.start(
                folder,
                "--proxy=" + proxy.url(),
                "--no-proxy=near.test",
                "--proxy-credentials-file=" + logIn,
                "--ca-file=" + PrivateCa.file(folder));
        var api = TlsFront.start(PrivateCa.server(), stack.simulator.apiUrl().getPort());
        var login = TlsFront.start(PrivateCa.server(), stack.simulator.loginUrl().getPort())) {
      stack.http.must("sys/mounts/genesys", Map.of("type", Stack.PLUGIN));
      stack.awaitSidecar();

      var unknown = stack.http.put("genesys/config", CONFIG);
      assertThat(unknown.status()).isGreaterThanOrEqualTo(400);
      assertThat(unknown.errors())
          .contains("the proxy at 127.0.0.1:%d".formatted(proxy.port()))
          .contains("refused to connect to login.genesys.test:443 with HTTP 502");

      proxy.leadsTo("api.genesys.test:443", api.port());
      proxy.leadsTo("login.genesys.test:443", login.port());
      stack.http.must("genesys/config", CONFIG);
      stack.http.must(
          "genesys/roles/demo",
          Map.of("role_divisions", SimulatedOrganization.HELD_PAIR, "ttl", "1h"));
      var issued = stack.client.logical().read("genesys/creds/demo");
      assertThat(stack.logsIn(issued.getData())).isTrue();
      stack.http.must("sys/leases/revoke", Map.of("lease_id", issued.getLeaseId()));
      assertThat(stack.logsIn(issued.getData())).isFalse();

      var let = proxy.seen().stream().filter(line -> line.endsWith(" 200")).toList();
      assertThat(let)
          .contains("CONNECT api.genesys.test:443 200", "CONNECT login.genesys.test:443 200");
      assertThat(api.connections() + login.connections()).isEqualTo(let.size());

      proxy.refuseWith(403);
      proxy.cut();
      assertThat(stack.http.data("genesys/status").toString())
          .contains("refused to connect to api.genesys.test:443 with HTTP 403");
      assertThat(stack.logs()).doesNotContain(PASSWORD);
      assertThat(Files.readString(Path.of("/proc/%d/cmdline".formatted(stack.sidecarPid()))))
          .contains("--proxy=")
          .doesNotContain(PASSWORD);
    }
  }
}
