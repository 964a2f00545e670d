package dev.genesysvault.engine.request;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.upstream.Events;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One request of Vault.
 *
 * @param pathId of the descriptor; empty for operations on a lease
 * @param id Vault's, the same when Vault sends a request again; empty for operations on a lease
 * @param captures what the path's pattern captured, by name
 * @param fields what the caller sent
 * @param lease for renew and revoke
 * @param storage the mount's; whoever writes reads through it, under a lock
 * @param snapshot what came along with the request, then the mount's storage; for reading only
 * @param events reaches Vault's event bus until the request is answered
 * @param deadline until when Vault waits for the reply
 * @param shimVersion of the Vault plugin
 */
public record Request(
    Mount mount,
    Operation operation,
    String pathId,
    String id,
    Map<String, String> captures,
    Fields fields,
    String displayName,
    String entityId,
    Optional<Lease> lease,
    MountStorage storage,
    MountStorage snapshot,
    Events events,
    Deadline deadline,
    String shimVersion) {

  /**
   * Returns storage that answers from {@code prefetched} what came along, and asks for the rest.
   *
   * @param seen as what it came along, where it can be told from what it may be later
   */
  public static MountStorage snapshot(
      Map<String, Optional<byte[]>> prefetched, Map<String, Storage.Seen> seen, Storage storage) {
    return new MountStorage(new PrefetchedStorage(prefetched, seen, storage));
  }

  /**
   * Returns who sends it.
   *
   * @param wish what is asked for, in one word
   * @param now as the clock has it
   */
  public Asker asker(String wish, Instant now) {
    return new Asker(wish, displayName, entityId, id, now);
  }

  /** Returns a capture, which the path's pattern makes sure of. */
  public String capture(String name) {
    var value = captures.get(name);
    if (value == null) {
      throw new IllegalStateException("path %s captures no %s".formatted(pathId, name));
    }
    return value;
  }
}
