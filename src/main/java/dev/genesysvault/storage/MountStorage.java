package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Endpoint;
import java.util.List;
import java.util.Optional;

/** Everything that one mount keeps, typed. */
public final class MountStorage {
  private static final String HISTORY = "history/";
  private static final String DECOMMISSIONED = "decommissioned/";

  private static final Codec<MountConfig> CONFIG = MountConfig.CODEC.remembering();
  private static final Codec<MountMark> MARK = MountMark.CODEC.remembering();
  private static final Codec<DynamicRole> ROLE = DynamicRole.CODEC.remembering();

  private final Storage storage;

  /** Reads and writes through {@code storage}. */
  public MountStorage(Storage storage) {
    this.storage = storage;
  }

  /** The organisation and the mount's own credential. */
  public Entry<MountConfig> config() {
    return new Entry<>(storage, "config", CONFIG);
  }

  /** The mount's mark. */
  public Entry<MountMark> mount() {
    return new Entry<>(storage, "mount", MARK);
  }

  /** That the mount is being drained. */
  public Entry<Drain> drain() {
    return new Entry<>(storage, "drain", Drain.CODEC);
  }

  /** Roles for dynamic clients, by name. */
  public Folder<DynamicRole> roles() {
    return new Folder<>(storage, "roles/", ROLE);
  }

  /** Static roles, by name. */
  public Folder<StaticRole> staticRoles() {
    return new Folder<>(storage, "static-roles/", StaticRole.CODEC);
  }

  /** The credentials of static roles, by name. */
  public Folder<StaticCredential> staticCredentials() {
    return new Folder<>(storage, "static-creds/", StaticCredential.CODEC);
  }

  /**
   * Returns the addresses under which a client was made, with which alone its secret goes anywhere:
   * where they were not kept with it, those that config had, verified, since then; empty where that
   * is not known.
   */
  public Optional<Endpoint> endpointOf(StaticClient client) throws InterruptedException {
    if (client.endpoint() != null) {
      return Optional.of(client.endpoint());
    }
    var first = mount().get().map(MountMark::firstEndpoint);
    return first.isPresent()
        ? first
        : config().get().filter(MountConfig::verified).map(MountConfig::endpoint);
  }

  /** Destinations of static roles' credentials, by name; they hold secrets. */
  public Folder<DestinationConfig> destinations() {
    return new Folder<>(storage, "sealed/destinations/", DestinationConfig.CODEC);
  }

  /** Receivers of alarms, by name; they hold secrets. */
  public Folder<AlertReceiver> alertReceivers() {
    return new Folder<>(storage, "sealed/alerts/", AlertReceiver.CODEC);
  }

  /** What receivers of alarms have to be told: below the name of each, by cause. */
  public Folder<AlertEntry> alertEntries() {
    return new Folder<>(storage, "alert-entries/", AlertEntry.CODEC);
  }

  /** The rotations of a static role, be it there or not, by an id that sorts by time. */
  public Folder<RecordedRotation> history(String role) {
    return new Folder<>(storage, HISTORY + role + "/", RecordedRotation.CODEC);
  }

  /** Returns the static roles of whose rotations something is kept. */
  public List<String> rolesWithHistory() throws InterruptedException {
    return folders(HISTORY);
  }

  /**
   * Clients of {@code creds/} that are gone and were made in an hour, by an id that sorts by time.
   */
  public Folder<DecommissionedClient> decommissioned(String hour) {
    return new Folder<>(storage, DECOMMISSIONED + hour + "/", DecommissionedClient.CODEC);
  }

  /** Returns the hours of which there are such. */
  public List<String> hoursOfDecommissioned() throws InterruptedException {
    return folders(DECOMMISSIONED);
  }

  private List<String> folders(String prefix) throws InterruptedException {
    return storage.list(prefix).stream()
        .filter(name -> name.endsWith("/"))
        .map(name -> name.substring(0, name.length() - 1))
        .toList();
  }

  /** One record for each client that this mount made or is about to make, by key. */
  public Folder<ClientRecord> clients() {
    return new Folder<>(storage, "clients/", ClientRecord.CODEC);
  }

  /** The record of one client. */
  public Entry<ClientRecord> client(ClientKey key) {
    return clients().entry(key.value());
  }

  /** Revokes that the plugin wrote down while the sidecar was away, by key of the client. */
  public Folder<JournalEntry> journal() {
    return new Folder<>(storage, "journal/", JournalEntry.CODEC);
  }
}
