package dev.genesysvault.vaultapi;

import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.CaFile;
import dev.genesysvault.network.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Where Vault is and who asks it, as Vault's own command line finds out: by {@code VAULT_ADDR},
 * {@code VAULT_TOKEN}, {@code VAULT_CACERT} and {@code VAULT_NAMESPACE}, or the same with {@code
 * BAO_}, and the token file of {@code vault login}.
 *
 * @param namespace empty for the root
 * @param tls whom to trust; empty for whom Java trusts
 */
public record VaultAccess(URI address, Secret token, String namespace, Optional<SSLContext> tls) {
  private static final String DEFAULT_ADDRESS = "https://127.0.0.1:8200";
  private static final String TOKEN_FILE = ".vault-token";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /**
   * Reads it.
   *
   * @param home the folder of the token file
   * @throws IllegalArgumentException if something is missing or cannot be used
   */
  public static VaultAccess of(Map<String, String> environment, Path home) {
    var address = variable(environment, "ADDR");
    var namespace = variable(environment, "NAMESPACE");
    return new VaultAccess(
        address(address.isEmpty() ? DEFAULT_ADDRESS : address),
        token(variable(environment, "TOKEN"), home.resolve(TOKEN_FILE)),
        Texts.withoutSlashes(namespace),
        Optional.of(variable(environment, "CACERT"))
            .filter(file -> !file.isEmpty())
            .map(VaultAccess::trusting));
  }

  private static String variable(Map<String, String> environment, String name) {
    var openBao = environment.getOrDefault("BAO_" + name, "");
    return openBao.isBlank()
        ? environment.getOrDefault("VAULT_" + name, "").strip()
        : openBao.strip();
  }

  private static URI address(String text) {
    try {
      var uri = URI.create(Texts.withoutSlashes(text));
      var scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
        return uri;
      }
    } catch (IllegalArgumentException _) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "VAULT_ADDR is \"%s\"; must be an address such as https://vault.example.com:8200"
            .formatted(text));
  }

  private static Secret token(String given, Path file) {
    try {
      var text = given.isEmpty() && Files.isReadable(file) ? Files.readString(file).strip() : given;
      if (!text.isEmpty()) {
        return Secret.of(text);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("%s cannot be read".formatted(file), e);
    }
    throw new IllegalArgumentException(
        "there is no token for Vault: log in with `vault login`, or set VAULT_TOKEN");
  }

  /** As Vault's command line has it, nobody else is trusted then. */
  private static SSLContext trusting(String file) {
    try {
      return Trust.only(CaFile.read("VAULT_CACERT", Path.of(file)));
    } catch (InvalidPathException | IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Whether what is sent there can be read on its way to another host. */
  public boolean unencrypted() {
    return address.getScheme().equals("http") && !LOOPBACK.contains(address.getHost());
  }

  /** Opens connections, which follow no redirect: it would take the token anywhere. */
  public HttpClient client() {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    tls.ifPresent(builder::sslContext);
    return builder.build();
  }
}
