package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.vault.VaultKvSettings.LogIn;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kind {@code vault_kv}: a KV engine, version 2, of another Vault or OpenBao. */
public final class VaultKvKind implements DestinationKind {
  private static final int LONGEST_ENTRY = 512;

  private final Transport transport;
  private final Time time;
  private final Locks locks;
  private final Optional<Path> tokenFolder;

  /**
   * Makes it.
   *
   * @param tokenFolder in which token files lie; empty for none
   */
  public VaultKvKind(Transport transport, Time time, Locks locks, Optional<Path> tokenFolder) {
    this.transport = transport;
    this.time = time;
    this.locks = locks;
    this.tokenFolder = tokenFolder;
  }

  @Override
  public String name() {
    return "vault_kv";
  }

  @Override
  public List<Setting> settings() {
    return VaultKvSettings.FIELDS;
  }

  @Override
  public List<String> addresses() {
    return List.of("address");
  }

  @Override
  public Destination open(Map<String, String> given) {
    var settings = VaultKvSettings.parse(given, tokenFolder);
    var api = new VaultApi(transport, time, settings);
    Tokens tokens =
        switch (settings.logIn()) {
          case LogIn.AppRole role -> new AppRoleTokens(api, role, time, locks);
          case LogIn.TokenFile(var path) -> new FileToken(path, settings.place());
        };
    var engine = new KvEngine(api, tokens, settings.mount());
    return new VaultKv(engine, new KvCheck(engine, tokens), settings.place());
  }

  @Override
  public String place(Map<String, String> settings) {
    return VaultKvSettings.place(settings);
  }

  @Override
  public void checkEntry(String entry) {
    requireEntry(entry);
  }

  static void requireEntry(String entry) {
    if (!VaultPaths.isPath(entry, LONGEST_ENTRY)) {
      throw new IllegalArgumentException(
          "\"%s\" is no path in a KV engine; must be %s, such as apps/billing/genesys"
              .formatted(VaultPaths.shown(entry), VaultPaths.allowed(LONGEST_ENTRY)));
    }
  }
}
