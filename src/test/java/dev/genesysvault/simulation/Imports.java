package dev.genesysvault.simulation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.network.Transport;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How operators import clients that somebody made, and what holds meanwhile. */
final class Imports {
  /**
   * By how much the clock of the sidecar's host may be wrong while a first rotation is waited for.
   */
  private static final Duration CLOCK = Duration.ofMinutes(4);

  private static final List<String> FOLDERS =
      List.of("static-roles/", "static-creds/", "clients/", "journal/");

  private final SimulatedWorld world;
  private int rehearsals;

  Imports(SimulatedWorld world) {
    this.world = world;
  }

  /** Imports, once, the client that a static role waits for. */
  Optional<Answer> once(SimulatedMount mount, String name, Map<String, Object> further)
      throws InterruptedException {
    return once(mount, name, mount.original(name), further);
  }

  private Optional<Answer> once(
      SimulatedMount mount, String name, Map<String, Object> client, Map<String, Object> further)
      throws InterruptedException {
    var fields = new LinkedHashMap<>(further);
    fields.put("client_id", String.valueOf(client.get("id")));
    fields.put("client_secret", String.valueOf(client.get("secret")));
    return world.write(mount, "static-roles/import", Map.of("name", name), fields);
  }

  /** Imports into a static role which is to rotate at that time, whatever it takes. */
  void planned(SimulatedMount mount, String name, Instant first) throws InterruptedException {
    mount.firstRotations.put(name, first);
    Map<String, Object> further = Map.of("first_rotation", first.toString());
    world.until("import into " + name, () -> once(mount, name, further));
    var credential = Invariants.credentials(mount).get(name);
    var due = credential == null ? null : credential.nextRotation();
    if (!first.equals(due)) {
      world.scheduler.violated(
          "%s is to rotate first at %s, and is due %s".formatted(name, first, due));
    }
  }

  /** Imports what was imported, whatever it takes; that changes nothing, here or at Genesys. */
  void again(SimulatedMount mount, String name, Instant first) throws InterruptedException {
    Map<String, Object> further = Map.of("first_rotation", first.toString());
    var before = everything(mount);
    world.until("the same import into " + name, () -> once(mount, name, further));
    unchanged(mount, before, "an import that was done already");
  }

  /** Looks, whatever it takes, at what an import would find; that changes nothing either. */
  void rehearse(SimulatedMount mount, String name, Map<String, Object> client)
      throws InterruptedException {
    var before = everything(mount);
    rehearsals++;
    world.until("dry run into " + name, () -> rehearsed(mount, name, client));
    rehearsals--;
    unchanged(mount, before, "a dry run");
  }

  private Optional<Answer> rehearsed(SimulatedMount mount, String name, Map<String, Object> client)
      throws InterruptedException {
    var answer = once(mount, name, client, Map.of("dry_run", true));
    if (world.undisturbed
        && answer.isPresent()
        && answer.get() instanceof Answer.OfSidecar(Reply.Content content)
        && !List.of().equals(content.data().get("problems"))) {
      world.scheduler.violated("a dry run finds for nothing: " + content.data().get("problems"));
    }
    return answer;
  }

  /** Imports one client into two static roles at the same time; exactly one of them gets it. */
  void race(SimulatedMount mount, String left, String right) throws InterruptedException {
    var told = new ArrayList<String>();
    world.beside("import into " + right, () -> tell(told, mount, right));
    tell(told, mount, left);
    world.until(
        "import into one of both",
        () ->
            Invariants.credentials(mount).values().stream().anyMatch(it -> it.current() != null)
                ? Optional.of(new Answer.OfSidecar(new Reply.Nothing()))
                : once(mount, left, Map.of()));
    // By then the other one has its answer too.
    world.scheduler.sleep(Reader.LONGEST_WISH);
    if (told.size() > 1) {
      world.scheduler.violated("the import of one client succeeded in " + told);
    }
  }

  private void tell(List<String> told, SimulatedMount mount, String name)
      throws InterruptedException {
    if (once(mount, name, Map.of()).filter(Answer::success).isPresent()) {
      told.add(name);
    }
  }

  /** At any time: a dry run asks Genesys for nothing that changes something. */
  void sent(Transport.Request request) {
    if (rehearsals > 0
        && !request.method().equals("GET")
        && !request.uri().getPath().equals("/oauth/token")) {
      world.scheduler.violated(
          "a dry run sends %s %s".formatted(request.method(), request.uri().getPath()));
    }
  }

  /** At any time: no two static roles hand out one client, and none is succeeded too early. */
  static Optional<String> check(SimulatedMount mount, Instant now) {
    var owners = new HashMap<ClientId, String>();
    for (var entry : Invariants.credentials(mount).entrySet()) {
      var current = entry.getValue().current();
      var id = current == null ? null : current.clientId();
      var other = id == null ? null : owners.put(id, entry.getKey());
      if (other != null) {
        return Optional.of(
            "client %s is that of %s and of %s".formatted(id, other, entry.getKey()));
      }
      if (early(mount, entry.getKey(), entry.getValue(), now)) {
        return Optional.of(
            "the first rotation of %s begins before %s"
                .formatted(entry.getKey(), mount.firstRotations.get(entry.getKey())));
      }
    }
    return Optional.empty();
  }

  private static boolean early(
      SimulatedMount mount, String name, StaticCredential credential, Instant now) {
    var first = mount.firstRotations.get(name);
    var current = credential.current();
    return first != null
        && current != null
        && now.isBefore(first.minus(CLOCK))
        && (credential.phase() != Phase.IDLE || credential.run() != null || !current.imported());
  }

  /** What a mount keeps, and what there is at Genesys. */
  private record Everything(Map<String, String> stored, Map<String, Map<String, Object>> clients) {}

  private Everything everything(SimulatedMount mount) throws InterruptedException {
    var stored = new TreeMap<String, String>();
    for (var folder : FOLDERS) {
      for (var key : mount.storage.keys(folder)) {
        var text = new String(mount.storage.bare().get(key).orElseThrow(), StandardCharsets.UTF_8);
        // The session tells the history of an import when it comes to it.
        stored.put(key, text.replace("\"told\":false", "\"told\":true"));
      }
    }
    return new Everything(stored, Map.copyOf(world.organization("a.test").clients()));
  }

  private void unchanged(SimulatedMount mount, Everything before, String what)
      throws InterruptedException {
    var now = everything(mount);
    if (!now.stored().equals(before.stored())) {
      world.scheduler.violated(what + " changes what is stored");
    }
    if (!now.clients().equals(before.clients())) {
      world.scheduler.violated(what + " changes a client at Genesys");
    }
  }
}
