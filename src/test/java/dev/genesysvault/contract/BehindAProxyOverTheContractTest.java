package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.ForwardProxy;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.PrivateCa;
import dev.genesysvault.testing.SimulatedOrganization;
import dev.genesysvault.testing.TlsFront;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real sidecar in a process of its own, behind a proxy that alone knows where Genesys is, which
 * shows a certificate of a private authority there.
 */
@Timeout(120)
@Tag("slow")
final class BehindAProxyOverTheContractTest {
  private static final String SECRET = "s3:cr@t%";
  private static final Map<String, Object> CONFIG =
      SimulatedOrganization.config("https://api.genesys.test", "https://login.genesys.test");

  private final Path folder;
  private final Path caFile;
  private final Path logInFile;
  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final ForwardProxy proxy = ForwardProxy.start().wants("vault", SECRET);
  private final TlsFront api = TlsFront.start(PrivateCa.server(), simulator.apiUrl().getPort());
  private final TlsFront login = TlsFront.start(PrivateCa.server(), simulator.loginUrl().getPort());
  private final InMemoryStorage storage = new InMemoryStorage();
  private @Nullable SidecarProcess sidecar;
  private @Nullable TestShim shim;

  BehindAProxyOverTheContractTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.caFile = PrivateCa.file(folder);
    this.logInFile = Files.writeString(folder.resolve("log-in"), "vault:" + SECRET + "\n");
    proxy.leadsTo("api.genesys.test:443", api.port());
    proxy.leadsTo("login.genesys.test:443", login.port());
  }

  @AfterEach
  void stop() {
    if (shim != null) {
      shim.close();
    }
    if (sidecar != null) {
      sidecar.close();
    }
    api.close();
    login.close();
    proxy.close();
    simulator.close();
  }

  private TestShim start(Map<String, String> environment, String... flags) throws Exception {
    sidecar = new SidecarProcess(folder, environment, flags);
    shim = new TestShim(sidecar.socket(), storage);
    return shim;
  }

  private TestShim startWithFlags() throws Exception {
    return start(
        Map.of(),
        "--proxy=" + proxy.url(),
        "--proxy-credentials-file=" + logInFile,
        "--ca-file=" + caFile);
  }

  private static Result configure(TestShim shim) {
    return shim.write("config", Map.of(), CONFIG);
  }

  private void worksThroughTheProxyAlone(TestShim shim) throws IOException {
    var configured = configure(shim);
    assertThat(configured.hasError()).as(configured.toString()).isFalse();
    issue(shim);
    everythingWentThroughTheProxy();
    noSecretIsShown();
  }

  private static void issue(TestShim shim) {
    var role = Map.<String, Object>of("role_divisions", List.of(SimulatedOrganization.HELD_PAIR));
    var written = shim.write("roles/name", Map.of("name", "demo"), role);
    assertThat(written.hasError()).as(written.toString()).isFalse();
    var issued = shim.serve(shim.creds("request-1")).result();
    assertThat(issued.hasResponse()).as(issued.toString()).isTrue();
  }

  private void everythingWentThroughTheProxy() {
    var seen = proxy.seen();
    assertThat(seen)
        .contains("CONNECT api.genesys.test:443 200", "CONNECT login.genesys.test:443 200")
        .allMatch(line -> line.endsWith(" 200"));
    assertThat(api.connections() + login.connections()).isEqualTo(seen.size());
  }

  private void noSecretIsShown() throws IOException {
    var process = sidecar;
    assertThat(process).isNotNull();
    assertThat(Files.readString(process.log())).contains("vault").doesNotContain("s3:cr", "s3%3A");
    assertThat(Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid()))))
        .contains("--socket")
        .doesNotContain("s3:cr", "s3%3A");
  }

  @Test
  void flags_lead_through_a_proxy_with_a_log_in_to_a_private_authority() throws Exception {
    worksThroughTheProxyAlone(startWithFlags());
  }

  @Test
  void the_environment_does_as_well_and_its_log_in_is_percent_encoded() throws Exception {
    var url = proxy.url().replace("http://", "http://vault:s3%3Acr%40t%25@");
    var started =
        start(
            Map.of(
                "HTTPS_PROXY",
                url,
                "NO_PROXY",
                "other.test",
                "GENESYS_SIDECAR_CA_FILE",
                caFile.toString()));

    worksThroughTheProxyAlone(started);
  }

  @Test
  void a_log_in_that_is_not_taken_is_told_and_may_be_replaced_while_the_sidecar_runs()
      throws Exception {
    Files.writeString(logInFile, "vault:s3cr3t");
    var started = startWithFlags();

    var refused = configure(started).getError().getMessage();
    assertThat(refused)
        .contains(
            "the proxy at 127.0.0.1:%d refused to connect to login.genesys.test:443 with HTTP 407: it does not take the log-in of \"vault\""
                .formatted(proxy.port()))
        .doesNotContain("s3cr3t");

    Files.writeString(logInFile, "vault:" + SECRET);
    assertThat(configure(started).hasError()).isFalse();
  }

  @Test
  void an_authority_that_nobody_named_is_told_with_what_to_do() throws Exception {
    var started =
        start(Map.of(), "--proxy=" + proxy.url(), "--proxy-credentials-file=" + logInFile);

    assertThat(configure(started).getError().getMessage())
        .contains("no connection to login.genesys.test:443 through the proxy at 127.0.0.1:")
        .contains("issued by \"" + PrivateCa.NAME + "\"")
        .contains("give its certificate with --ca-file");
  }

  @Test
  void a_proxy_that_is_gone_is_told_by_its_address() throws Exception {
    var started = startWithFlags();
    proxy.close();

    assertThat(configure(started).getError().getMessage())
        .contains(
            "no connection to the proxy at 127.0.0.1:%d: it cannot be reached"
                .formatted(proxy.port()));
  }

  @Test
  void no_sidecar_starts_with_files_that_do_not_hold_what_they_should() throws Exception {
    var wrong = Files.writeString(folder.resolve("wrong.pem"), "s3cr3t");

    assertThatThrownBy(() -> start(Map.of(), "--ca-file=" + wrong))
        .hasMessageContaining("genesys-sidecar cannot start: --ca-file is \"" + wrong + "\"");
    assertThatThrownBy(
            () -> start(Map.of(), "--proxy=" + proxy.url(), "--proxy-credentials-file=" + wrong))
        .hasMessageContaining("--proxy-credentials-file is \"" + wrong + "\"")
        .hasMessageNotContaining("s3cr3t");
    assertThatThrownBy(() -> start(Map.of(), "--proxy=http://vault:s3cr3t@proxy.test:3128"))
        .hasMessageContaining("--proxy is \"http://…@proxy.test:3128\"")
        .hasMessageNotContaining("s3cr3t");
  }
}
