package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.RoleSnapshot.Attempt;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code static-roles/<name>/resend}: writes to destinations what they should hold. */
public final class ResendHandler implements Handler {
  private static final int MOST = 20;

  private final MountStaticRoles staticRoles;
  private final Time time;

  public ResendHandler(MountStaticRoles staticRoles, Time time) {
    this.staticRoles = staticRoles;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    return switch (request.operation()) {
      case CREATE, UPDATE -> resend(request, request.capture("name"));
      case READ, DELETE, LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private Reply resend(Request request, String name) throws InterruptedException {
    var credentials = staticRoles.of(request);
    Set<String> wanted = new TreeSet<>(chosen(request));
    Map<String, Attempt> before;
    try (var _ = credentials.lock(name)) {
      var role = credentials.role(name);
      var credential = credentials.get(name);
      if (role.isEmpty() || credential.isEmpty() || credential.get().phase() == Phase.DELETING) {
        throw MountStaticRoles.unknown(request, name);
      }
      var known =
          role.get().destinations().stream()
              .map(DestinationEntry::destination)
              .collect(Collectors.toCollection(TreeSet::new));
      if (known.isEmpty()) {
        throw RefusedException.badInput(
            "static role %s has no destinations: write %sstatic-roles/%s with some first"
                .formatted(name, request.mount().path(), name));
      }
      if (!known.containsAll(wanted)) {
        wanted.removeAll(known);
        throw RefusedException.badInput(
            "destinations names %s, which static role %s does not have; it has %s"
                .formatted(Texts.some(wanted), name, Texts.some(known)));
      }
      boolean all = wanted.isEmpty();
      before = attempted(credentials.queue().of(name));
      credentials.destinations().askAgain(all ? known : wanted);
      credentials.put(
          name,
          Deliveries.wanted(
              credential.get(),
              role.get(),
              entry -> all || wanted.contains(entry.destination()),
              time.now()));
    }
    return await(request, credentials, name, before);
  }

  private static List<String> chosen(Request request) {
    return request.fields().list("destinations").orElse(List.of()).stream()
        .flatMap(item -> Texts.split(String.valueOf(item), ',', MOST).stream())
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static Map<String, Attempt> attempted(Optional<RoleSnapshot> tracked) {
    return tracked.map(RoleSnapshot::attempted).orElse(Map.of());
  }

  /**
   * Waits until it is sent, or something has failed.
   *
   * @param before what had failed until then, which says nothing of this time
   */
  private static Reply await(
      Request request, StaticRoleStore credentials, String name, Map<String, Attempt> before)
      throws InterruptedException {
    var queue = credentials.queue();
    var deadline =
        request.deadline().minus(StaticRoleHandler.RESERVE).atMost(StaticRoleHandler.PATIENCE);
    while (true) {
      var tracked = queue.of(name);
      var credential = credentials.get(name);
      if (credential.isEmpty()) {
        throw MountStaticRoles.unknown(request, name);
      }
      boolean failed = !before.entrySet().containsAll(attempted(tracked).entrySet());
      if (sent(credential.get()) || tracked.isEmpty() || failed || deadline.over()) {
        return shown(
            request,
            name,
            credential.get(),
            DeliveryViews.of(credential.get(), tracked, credentials));
      }
      queue.awaitStep(name, tracked.get().steps(), deadline);
    }
  }

  private static boolean sent(StaticCredential credential) {
    return credential.deliveries().stream()
        .noneMatch(it -> it.state() == State.WANTED || it.state() == State.SENDING);
  }

  private static Reply shown(
      Request request, String name, StaticCredential credential, List<?> destinations) {
    var data = Map.of("destinations", destinations);
    var warnings =
        sent(credential)
            ? List.<String>of()
            : List.of(
                "not everything is sent yet; that goes on in the background, and %sstatic-roles/%s/status shows how"
                    .formatted(request.mount().path(), name));
    return new Reply.Content(data, warnings, Optional.empty());
  }
}
