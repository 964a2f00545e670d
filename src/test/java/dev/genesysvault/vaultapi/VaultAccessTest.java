package dev.genesysvault.vaultapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.testing.PrivateCa;
import dev.genesysvault.testing.TlsFront;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Vault is and who asks it, as its own command line finds out. */
final class VaultAccessTest {
  private final Path home;

  VaultAccessTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void the_environment_says_it() {
    var access =
        VaultAccess.of(
            Map.of(
                "VAULT_ADDR", "https://vault.example.com:8200/",
                "VAULT_TOKEN", "t0ken",
                "VAULT_NAMESPACE", "/team/"),
            home);

    assertThat(access.address()).isEqualTo(URI.create("https://vault.example.com:8200"));
    assertThat(access.token().reveal()).isEqualTo("t0ken");
    assertThat(access.namespace()).isEqualTo("team");
    assertThat(access.tls()).isEmpty();
    assertThat(access.toString()).doesNotContain("t0ken");
  }

  @Test
  void openbaos_own_names_go_first() {
    var access =
        VaultAccess.of(
            Map.of("BAO_ADDR", "http://b:1", "VAULT_ADDR", "http://v:1", "VAULT_TOKEN", "x"), home);

    assertThat(access.address()).isEqualTo(URI.create("http://b:1"));
    assertThat(access.unencrypted()).isTrue();
  }

  @Test
  void the_token_may_be_that_of_a_log_in() throws Exception {
    Files.writeString(home.resolve(".vault-token"), "t0ken\n");

    var access = VaultAccess.of(Map.of(), home);

    assertThat(access.token().reveal()).isEqualTo("t0ken");
    assertThat(access.address()).isEqualTo(URI.create("https://127.0.0.1:8200"));
  }

  @Test
  void the_authority_that_is_named_is_trusted_and_it_alone() throws Exception {
    var file = PrivateCa.file(home).toString();
    var own = VaultAccess.of(Map.of("VAULT_TOKEN", "x", "VAULT_CACERT", file), home);
    var all = VaultAccess.of(Map.of("VAULT_TOKEN", "x"), home);

    assertThat(shakesHands(own.client().sslContext())).isTrue();
    assertThat(shakesHands(all.client().sslContext())).isFalse();
  }

  /** Whether a server with a certificate of the private authority is trusted. */
  private static boolean shakesHands(SSLContext client) throws Exception {
    var here = InetAddress.getLoopbackAddress();
    try (var server = new ServerSocket(0, 1, here);
        var front = TlsFront.start(PrivateCa.server(), server.getLocalPort());
        var socket = client.getSocketFactory().createSocket(here, front.port())) {
      ((SSLSocket) socket).startHandshake();
      return true;
    } catch (SSLHandshakeException _) {
      return false;
    }
  }

  @Test
  void what_is_missing_or_wrong_is_told() throws Exception {
    assertThatThrownBy(() -> VaultAccess.of(Map.of(), home)).hasMessageContaining("vault login");
    assertThatThrownBy(
            () -> VaultAccess.of(Map.of("VAULT_ADDR", "vault:8200", "VAULT_TOKEN", "x"), home))
        .hasMessageContaining("VAULT_ADDR is \"vault:8200\"");
    var file = Files.writeString(home.resolve("ca.pem"), "none");
    for (var wrong : new String[] {file.toString(), home.resolve("nowhere").toString()}) {
      assertThatThrownBy(
              () -> VaultAccess.of(Map.of("VAULT_TOKEN", "t0ken", "VAULT_CACERT", wrong), home))
          .hasMessageContaining("VAULT_CACERT is \"%s\": ".formatted(wrong))
          .hasMessageContaining("it must be a file of one or more certificates in PEM")
          .hasMessageNotContaining("t0ken");
    }
  }
}
