package dev.genesysvault.engine.staticroles;

import dev.genesysvault.engine.request.Request;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.StaticCredential;
import java.util.List;
import java.util.Optional;

/** How a write of a new static role waits for its first client. */
final class FirstClient {
  private FirstClient() {}

  /** Waits until a static role has its first client; warns where that lasts, or fails. */
  static void await(
      Request request, StaticRoleStore credentials, String name, List<String> warnings)
      throws InterruptedException {
    var queue = credentials.queue();
    var deadline =
        request.deadline().minus(StaticRoleHandler.RESERVE).atMost(StaticRoleHandler.PATIENCE);
    while (true) {
      long steps = queue.of(name).map(RoleSnapshot::steps).orElse(Long.MAX_VALUE);
      var credential = credentials.get(name);
      if (credential.map(StaticCredential::current).isPresent() || credential.isEmpty()) {
        return;
      }
      var tracked = queue.of(name);
      if (tracked.isEmpty() || deadline.over() || !tracked.get().lastError().isEmpty()) {
        warnings.add(
            "the static role is written, and its first client is not there yet: %s. It is made in the background; %sstatic-roles/%s/status shows how that goes"
                .formatted(why(tracked), request.mount().path(), name));
        return;
      }
      queue.awaitStep(name, steps, deadline);
    }
  }

  private static String why(Optional<RoleSnapshot> tracked) {
    return tracked
        .map(
            role -> role.lastError().isEmpty() ? "it is being made and verified" : role.lastError())
        .orElse("the mount's background session is not open yet");
  }
}
