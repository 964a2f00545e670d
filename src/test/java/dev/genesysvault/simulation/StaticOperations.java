package dev.genesysvault.simulation;

import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What operators do with static roles, and the applications that read their credentials. */
final class StaticOperations {
  private final SimulatedWorld world;
  private final List<Reader> readers = new ArrayList<>();

  StaticOperations(SimulatedWorld world) {
    this.world = world;
  }

  List<Reader> readers() {
    return readers;
  }

  List<Reader> readersOf(SimulatedMount mount, String role) {
    return readers.stream()
        .filter(reader -> reader.mount == mount && reader.role.equals(role))
        .toList();
  }

  /** Writes a static role, whatever it takes, and has an application read its credential. */
  Reader staticRole(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    world.until("static role " + name, () -> writeStaticRole(mount, name, period, grace));
    return reader(mount, name);
  }

  /** As {@link #staticRole}, whose clients are copies of one that somebody made. */
  Reader copyingRole(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var original = new Strangers(world.organization("a.test")).original("wallboard");
    mount.originals.put(name, original);
    var fields = fields(mount, name, period, grace);
    fields.put("template_client_id", String.valueOf(original.get("id")));
    world.until(
        "static role " + name,
        () -> world.write(mount, "static-roles/name", Map.of("name", name), fields));
    return reader(mount, name);
  }

  /** As {@link #staticRole}, which begins with a client that somebody made. */
  Reader importingRole(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var _ = deferredRole(mount, name, period, grace);
    world.until("import into " + name, () -> world.imports.once(mount, name, Map.of()));
    return reader(mount, name);
  }

  /** As {@link #importingRole}, and says when that is to be rotated for the first time. */
  Reader plannedRole(
      SimulatedMount mount, String name, Duration period, Duration grace, Instant first)
      throws InterruptedException {
    var _ = deferredRole(mount, name, period, grace);
    world.imports.planned(mount, name, first);
    return reader(mount, name);
  }

  /** Makes a static role that waits for the import of a client that somebody made; gives that. */
  Map<String, Object> deferredRole(
      SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var original = new Strangers(world.organization("a.test")).original("wallboard");
    deferredRole(mount, name, original, period, grace);
    return original;
  }

  /** Makes a static role that waits for the import of that client. */
  void deferredRole(
      SimulatedMount mount,
      String name,
      Map<String, Object> original,
      Duration period,
      Duration grace)
      throws InterruptedException {
    mount.originals.put(name, original);
    var fields = fields(mount, name, period, grace);
    fields.put("defer_initial_creds", true);
    world.until(
        "static role " + name,
        () -> world.write(mount, "static-roles/name", Map.of("name", name), fields));
  }

  /** Imports a client into a role of its own, or nearly, and lets it go. */
  void importAndRelease(SimulatedMount mount, String name) throws InterruptedException {
    var _ = deferredRole(mount, name, Duration.ofDays(30), Duration.ofHours(1));
    var _ = world.imports.once(mount, name, Map.of());
    world.scheduler.sleep(Duration.ofMinutes(1));
    world.until("deletion of static role " + name, () -> deleteStaticRole(mount, name));
  }

  /** Has an application read the credential of a static role. */
  Reader reader(SimulatedMount mount, String name) {
    var reader = new Reader(world, mount, name).start();
    if (world.scheduler.now().isBefore(mount.hastyUntil.getOrDefault(name, Instant.MIN))) {
      reader.excuse();
    }
    readers.add(reader);
    mount.staticRoles.add(name);
    return reader;
  }

  private static Map<String, Object> fields(
      SimulatedMount mount, String name, Duration period, Duration grace) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("rotation_period", period.toSeconds());
    fields.put("grace_period", grace.toSeconds());
    fields.put("stagger", 0);
    if (!mount.destinations.isEmpty()) {
      fields.put("destinations", Elsewhere.entries(mount, name));
    }
    return fields;
  }

  /** Has every static credential rest for a while, whatever it takes. */
  void restStaticRoles(SimulatedMount mount) throws InterruptedException {
    for (var name : mount.storage.keys("static-roles/")) {
      var role = name.substring("static-roles/".length());
      world.until(
          "a longer period of " + role,
          () -> {
            var answer = writeStaticRole(mount, role, Duration.ofDays(30), Duration.ofMinutes(12));
            // It may be on its way out.
            return mount.storage.keys(name).isEmpty()
                ? Optional.of(new Answer.OfSidecar(new Reply.Nothing()))
                : answer;
          });
    }
  }

  /** Writes a static role once. */
  Optional<Answer> writeStaticRole(
      SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    return writeStaticRole(mount, name, period, grace, Map.of());
  }

  /** As {@link #writeStaticRole}, with further fields. */
  Optional<Answer> writeStaticRole(
      SimulatedMount mount,
      String name,
      Duration period,
      Duration grace,
      Map<String, Object> further)
      throws InterruptedException {
    mount.firstRotations.remove(name);
    var fields = fields(mount, name, period, grace);
    fields.putAll(mount.staticFields);
    fields.put("role_divisions", List.of(SimulatedWorld.HELD_PAIR));
    fields.putAll(further);
    if (fields.containsKey("rotation_schedule")) {
      fields.remove("rotation_period");
    }
    if (mount.originals.containsKey(name)) {
      fields.remove("role_divisions");
    } else if (fields.get("role_divisions") instanceof List<?> pairs) {
      var asked = mount.askedPairs.computeIfAbsent(name, _ -> new HashSet<>());
      asked.add(pairs.stream().map(String::valueOf).collect(Collectors.toSet()));
    }
    return world.write(mount, "static-roles/name", Map.of("name", name), fields);
  }

  /** Writes a static role that was deleted, once; where that worked, an application reads it. */
  void makeStaticRoleAnew(SimulatedMount mount, String name, Duration period, Duration grace)
      throws InterruptedException {
    var deleted = mount.deletedUntil.get(name);
    if (deleted == null || world.scheduler.now().isBefore(deleted)) {
      return;
    }
    mount.originals.remove(name);
    var answer = writeStaticRole(mount, name, period, grace);
    // Who deleted it meanwhile may mean the new one.
    boolean deletedAgain = !deleted.equals(mount.deletedUntil.get(name));
    if (answer.isPresent() && answer.get().success() && !deletedAgain) {
      var _ = reader(mount, name);
    }
  }

  /** Has a static credential rotated now, once; {@code flags} are those that are true. */
  Optional<Answer> rotate(SimulatedMount mount, String name, String... flags)
      throws InterruptedException {
    mount.firstRotations.remove(name);
    var fields = new LinkedHashMap<String, Object>();
    for (var flag : flags) {
      fields.put(flag, true);
      if (flag.equals("emergency")) {
        world.elsewhere.leaked(mount, name);
      }
      mount.hastyUntil.put(name, world.scheduler.now().plus(Reader.LONGEST_WISH));
      readersOf(mount, name).forEach(Reader::excuse);
    }
    return world.write(mount, "rotate-role/name", Map.of("name", name), fields);
  }

  /** Has a static credential rotated now, unless somebody has done so by that id; once. */
  Optional<Answer> rotateOnce(SimulatedMount mount, String name, String requestId)
      throws InterruptedException {
    mount.firstRotations.remove(name);
    return world.write(
        mount, "rotate-role/name", Map.of("name", name), Map.of("request_id", requestId));
  }

  /** Where nobody wanted a rotation but by one id: there was one at the most. */
  static Optional<String> checkOnce(SimulatedMount mount, String name) {
    var credential = Invariants.credentials(mount).get(name);
    long rotations =
        credential == null
            ? 0
            : credential.history().stream().filter(past -> past.reason().equals("manual")).count();
    return rotations > 1
        ? Optional.of("%s was rotated %d times for one request".formatted(name, rotations))
        : Optional.empty();
  }

  /** Has what is elsewhere sent again, whatever it takes: AWS keeps what it garbled for good. */
  void resend(SimulatedMount mount, String name) throws InterruptedException {
    world.until(
        "resend of " + name,
        () -> world.write(mount, "static-roles/resend", Map.of("name", name), Map.of()));
  }

  /** Deletes every static role of a mount, whatever it takes. */
  void deleteStaticRoles(SimulatedMount mount) throws InterruptedException {
    for (var name : mount.storage.keys("static-roles/")) {
      var role = name.substring("static-roles/".length());
      readersOf(mount, role).forEach(Reader::end);
      world.until("deletion of static role " + role, () -> deleteStaticRole(mount, role));
    }
  }

  /** Deletes a static role once. */
  Optional<Answer> deleteStaticRole(SimulatedMount mount, String role) throws InterruptedException {
    mount.firstRotations.remove(role);
    mount.deletedUntil.put(role, Instant.MAX);
    var answer =
        world.vault.request(
            mount,
            Call.onPath(
                Operation.DELETE,
                "static-roles/name",
                world.newRequestId(),
                Map.of("name", role),
                Map.of()));
    mount.deletedUntil.put(role, world.scheduler.now().plus(Reader.LONGEST_WISH));
    return answer;
  }

  /** Has every static credential of a mount rotated, whatever it takes. */
  void rotateStaticRoles(SimulatedMount mount) throws InterruptedException {
    for (var name : mount.storage.keys("static-roles/")) {
      var role = name.substring("static-roles/".length());
      world.until("rotation of " + role, () -> rotate(mount, role));
    }
  }
}
