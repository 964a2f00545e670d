package dev.genesysvault.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate authority that nobody trusts, and what it has issued for {@code *.genesys.test};
 * made by the JDK's keytool when it is first asked for.
 */
public final class PrivateCa {
  /** The name of the authority. */
  public static final String NAME = "CN=Private CA of tests";

  /** The name of what it issued. */
  public static final String SERVER_NAME = "CN=Genesys behind a private CA";

  private static final String PASSWORD = "changeit";

  private PrivateCa() {}

  private static final class Made {
    private static final KeyStore STORE = make();

    private static KeyStore make() {
      try {
        var folder = Files.createTempDirectory("private-ca");
        var file = folder.resolve("store.p12");
        try {
          keytool(file, "-alias", "ca", "-dname", NAME, "-ext", "bc:c", "-validity", "3650");
          issue(file, "server", "-validity", "3650");
          issue(file, "expired", "-startdate", "-3d", "-validity", "1");
          return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        } finally {
          Files.deleteIfExists(file);
          Files.delete(folder);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (GeneralSecurityException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void issue(Path file, String alias, String... dates)
        throws IOException, InterruptedException {
      var more =
          new ArrayList<>(List.of("-alias", alias, "-signer", "ca", "-dname", SERVER_NAME, "-ext"));
      more.add("san=dns:*.genesys.test,dns:*.googleapis.com");
      more.addAll(List.of(dates));
      keytool(file, more.toArray(String[]::new));
    }

    private static void keytool(Path file, String... more)
        throws IOException, InterruptedException {
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
      command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-genkeypair", "-keyalg", "EC"));
      command.addAll(List.of("-groupname", "secp256r1", "-keystore", file.toString()));
      command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
      command.addAll(List.of(more));
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("keytool: " + said);
      }
    }
  }

  /** Returns the certificate of the authority in PEM. */
  public static String pem() throws GeneralSecurityException {
    var der = Made.STORE.getCertificate("ca").getEncoded();
    return "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
        .formatted(
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8)).encodeToString(der));
  }

  /** Writes {@link #pem} into a folder and returns the file. */
  public static Path file(Path folder) throws IOException, GeneralSecurityException {
    return Files.writeString(folder.resolve("private-ca.pem"), pem());
  }

  /**
   * Returns what a server has that shows a certificate for {@code *.genesys.test}, and for Google.
   */
  public static SSLContext server() throws IOException, GeneralSecurityException {
    return context("server");
  }

  /** As {@link #server}, with a certificate whose time is over. */
  public static SSLContext expired() throws IOException, GeneralSecurityException {
    return context("expired");
  }

  private static SSLContext context(String alias) throws IOException, GeneralSecurityException {
    var password = PASSWORD.toCharArray();
    var alone = KeyStore.getInstance("PKCS12");
    alone.load(null, null);
    alone.setKeyEntry(
        alias, Made.STORE.getKey(alias, password), password, Made.STORE.getCertificateChain(alias));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(alone, password);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
