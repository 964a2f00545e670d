package dev.genesysvault.rotation;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.vault.VaultKvKind;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedKv;
import dev.genesysvault.testing.SoloLocks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A KV engine of another Vault. */
final class TroubledKv implements TroubledPlace {
  private Optional<PlayedKv> made = Optional.empty();

  @Override
  public String toString() {
    return kind();
  }

  private PlayedKv kv() {
    return made.orElseThrow();
  }

  @Override
  public List<DestinationKind> kinds(FakeTime time) {
    var kv = new PlayedKv(time);
    made = Optional.of(kv);
    return List.of(new VaultKvKind(kv, time, new SoloLocks(time), Optional.empty()));
  }

  @Override
  public String kind() {
    return "vault_kv";
  }

  @Override
  public Map<String, String> settings() {
    return kv().settings();
  }

  @Override
  public String entry() {
    return "apps/crm";
  }

  @Override
  public String client() {
    return kv().engine().held(entry()).map(it -> it.path("client_id").asText()).orElse("");
  }

  @Override
  public String away() {
    kv().always(
            "",
            _ -> {
              throw new FailedException("no connection: told so", false);
            });
    return "no connection";
  }

  @Override
  public String throttle() {
    kv().always("", _ -> PlayedKv.reply(429, "{\"errors\":[\"quota exceeded\"]}"));
    return "takes no more requests for now";
  }

  @Override
  public String forbid() {
    for (var capability : List.of("create", "update")) {
      kv().deny("secret/data/" + entry(), capability);
    }
    return "secret/data/apps/crm: create, update";
  }

  @Override
  public void well() {
    kv().calm();
    for (var capability : List.of("create", "update")) {
      kv().allow("secret/data/" + entry(), capability);
    }
  }

  @Override
  public void delete() {
    kv().engine().delete(entry(), kv().engine().latest(entry()));
  }

  @Override
  public void overwrite() {
    var _ = kv().engine().write(entry(), Map.of("by", "somebody else"));
  }
}
