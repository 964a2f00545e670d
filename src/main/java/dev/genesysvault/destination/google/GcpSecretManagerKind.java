package dev.genesysvault.destination.google;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.OptionalLibrary;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Locks;
import java.util.List;
import java.util.Map;

/**
 * The kind {@code gcp_secret_manager}: secrets of Google Secret Manager, global or of a location.
 * An entry is a secret's id, and a version is Google's own number.
 */
public final class GcpSecretManagerKind implements DestinationKind {
  private static final int LONGEST_ENTRY = 255;
  private static final int LONGEST_SHOWN = 100;

  private final Network network;
  private final Transport transport;
  private final Locks locks;

  /**
   * Makes it.
   *
   * @param network the way to Google's gRPC servers
   * @param transport for what log-ins ask over HTTP
   */
  public GcpSecretManagerKind(Network network, Transport transport, Locks locks) {
    this.network = network;
    this.transport = transport;
    this.locks = locks;
  }

  @Override
  public String name() {
    return "gcp_secret_manager";
  }

  @Override
  public List<Setting> settings() {
    return GcpSettings.FIELDS;
  }

  /** What a key names beside, such as {@code token_uri}, came with that secret itself. */
  @Override
  public List<String> addresses() {
    return List.of(GcpSettings.ENDPOINT);
  }

  @Override
  public Destination open(Map<String, String> given) {
    var settings = GcpSettings.parse(given);
    OptionalLibrary.GCP.require(name());
    return Opening.open(settings, network, transport, locks);
  }

  /** Loaded where the library is there alone. */
  private static final class Opening {
    private static Destination open(
        GcpSettings settings, Network network, Transport transport, Locks locks) {
      return GcpSecretManager.open(settings, network, transport, locks);
    }
  }

  @Override
  public String place(Map<String, String> settings) {
    return GcpSettings.place(settings);
  }

  @Override
  public void checkEntry(String entry) {
    requireEntry(entry);
  }

  static void requireEntry(String entry) {
    boolean id =
        Texts.consistsOf(
            entry, 1, LONGEST_ENTRY, c -> Texts.isLetterOrDigit(c) || c == '-' || c == '_');
    if (!id) {
      throw new IllegalArgumentException(
          "\"%s\" is no id of a secret; must be 1 to %d letters, digits, - and _, such as genesys-billing"
              .formatted(Texts.printable(entry, LONGEST_SHOWN), LONGEST_ENTRY));
    }
  }

  @Override
  public boolean keepsFormer() {
    return true;
  }
}
