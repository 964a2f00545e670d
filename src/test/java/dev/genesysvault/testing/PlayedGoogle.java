package dev.genesysvault.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.secretmanager.v1.SecretVersion.State;
import dev.genesysvault.network.CaFile;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.NoProxy;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The played Google Secret Manager, and the proxy that alone leads to it. */
public final class PlayedGoogle implements AutoCloseable {
  private static final String HOST = "secretmanager.genesys.test";
  private static final String ACCOUNT = "genesys-vault@acme-prod.iam.gserviceaccount.com";
  private static final String PROJECT = "acme-prod";
  private static final String KEY = rsa();

  private final PlayedSecretManager google;
  private final ForwardProxy proxy;

  private PlayedGoogle(PlayedSecretManager google, ForwardProxy proxy) {
    this.google = google;
    this.proxy = proxy;
  }

  /** Starts one that has no secret. */
  public static PlayedGoogle start() throws Exception {
    var google = PlayedSecretManager.start();
    google.takeAccount(ACCOUNT);
    return new PlayedGoogle(google, ForwardProxy.start().leadsTo(HOST + ":443", google.port()));
  }

  /** Returns the URL of the proxy. */
  public String proxy() {
    return proxy.url();
  }

  /** Returns the way that leads there, as a sidecar has it. */
  public Network network() throws Exception {
    return Network.of(
        new ProxyRules(Optional.of(ProxyUrl.parse(proxy.url())), false, NoProxy.NONE),
        Optional::empty,
        trusted());
  }

  /** Returns the authorities that a sidecar is told to trust. */
  public static List<X509Certificate> trusted() throws Exception {
    var folder = Files.createTempDirectory("trusted");
    try {
      return CaFile.read("--ca-file", PrivateCa.file(folder));
    } finally {
      Files.delete(folder.resolve("private-ca.pem"));
      Files.delete(folder);
    }
  }

  /** Returns the service. */
  public PlayedSecretManager service() {
    return google;
  }

  /** Returns the fields of a destination that leads there. */
  public Map<String, Object> settings() throws JsonProcessingException {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("kind", "gcp_secret_manager");
    fields.put("project_id", PROJECT);
    fields.put("endpoint", HOST);
    fields.put("credentials", new ObjectMapper().writeValueAsString(key()));
    return fields;
  }

  /** Returns the key of a service account, as Google gives it out. */
  public static Map<String, Object> key() {
    var key = new LinkedHashMap<String, Object>();
    key.put("type", "service_account");
    key.put("project_id", PROJECT);
    key.put("private_key_id", "k1");
    key.put("private_key", KEY);
    key.put("client_email", ACCOUNT);
    key.put("client_id", "1234567890");
    key.put("token_uri", "https://oauth2.googleapis.com/token");
    return key;
  }

  private static String rsa() {
    KeyPairGenerator pairs;
    try {
      pairs = KeyPairGenerator.getInstance("RSA");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    pairs.initialize(2_048);
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8))
                .encodeToString(pairs.generateKeyPair().getPrivate().getEncoded()));
  }

  /** Returns what the service calls a secret. */
  public static String name(String secret) {
    return "projects/%s/secrets/%s".formatted(PROJECT, secret);
  }

  /** Returns what readers of the latest version get. */
  public String read(String secret) {
    return google.secrets().read(name(secret), "latest");
  }

  /** Returns how many versions can be read. */
  public long enabled(String secret) {
    return google.secrets().states(name(secret)).stream().filter(State.ENABLED::equals).count();
  }

  @Override
  public void close() {
    google.close();
    proxy.close();
  }
}
