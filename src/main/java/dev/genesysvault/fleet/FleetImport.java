package dev.genesysvault.fleet;

import dev.genesysvault.fleet.Result.Kind;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.vaultapi.Answer;
import dev.genesysvault.vaultapi.Pace;
import dev.genesysvault.vaultapi.VaultApi;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Imports a fleet, or looks at it. Vault knows what is done, so that a run which is cut short at
 * any moment goes on where the next one begins.
 */
final class FleetImport {
  private static final String DRY_RUN = "dry_run";
  private static final String FIRST_ROTATION = "first_rotation";

  private final ImportSettings settings;
  private final VaultApi api;
  private final Pace pace;
  private final Time time;
  private final Progress progress;

  FleetImport(ImportSettings settings, VaultApi api, Pace pace, Time time, Progress progress) {
    this.settings = settings;
    this.api = api;
    this.pace = pace;
    this.time = time;
    this.progress = progress;
  }

  /**
   * A client, and what is known of it so far.
   *
   * @param index in the list, from 0
   * @param role static role that it is to have; empty where that is not known yet
   * @param result empty while it is not done
   */
  private record Item(int index, FleetClient client, String role, Optional<Result> result) {
    boolean open() {
      return result.isEmpty();
    }

    Item named(String name) {
      return new Item(index, client, name, result);
    }

    Item done(Result what) {
      return new Item(index, client, role, Optional.of(what));
    }
  }

  /** One step of one client. */
  @FunctionalInterface
  private interface Step {
    Item of(Item item) throws InterruptedException;
  }

  /**
   * Does it.
   *
   * @return what became of each client, in the order of the list
   * @throws CannotBeginException where nothing can be done
   */
  List<Result> run(List<FleetClient> clients) throws InterruptedException, CannotBeginException {
    checkMount();
    var ahead = api.clockAhead();
    var existing = ExistingRoles.list(api, settings.mount());
    var one =
        new ClientImport(
            settings, api, new FirstRotations(clients.size()), () -> time.now().plus(ahead));
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      var item = new Item(i, clients.get(i), clients.get(i).role(), Optional.empty());
      items.add(known(item, existing));
    }
    items.forEach(item -> item.result().ifPresent(progress::done));
    items = each(items, item -> item.role().isEmpty() ? named(item, one) : item);
    items = withoutClashes(items, existing);
    items.forEach(item -> item.result().ifPresent(progress::done));
    items =
        each(
            items, item -> settings.dryRun() ? rehearsed(item, one) : adopted(item, one, existing));
    return items.stream().map(item -> item.result().orElseThrow()).toList();
  }

  /** An older plugin would drop the field of a dry run, and import in earnest. */
  private void checkMount() throws InterruptedException, CannotBeginException {
    var answer = api.get(settings.importPath("import-fleet") + "?help=1");
    var help = answer.body().path("help").asText();
    if (answer.success() && help.contains(DRY_RUN) && help.contains(FIRST_ROTATION)) {
      return;
    }
    if (answer.success() && help.contains("keep_imported")) {
      throw new CannotBeginException(
          "the plugin of the mount %s/ is older than this command: upgrade it, and reload it"
              .formatted(settings.mount()));
    }
    throw new CannotBeginException(
        switch (answer.status()) {
          case Answer.NONE ->
              "Vault does not answer: VAULT_ADDR and VAULT_CACERT say where it is and whom to trust";
          case 401, 403 ->
              "Vault refuses the token (%s): log in with `vault login`, or set VAULT_TOKEN"
                  .formatted(String.join("; ", answer.errors()));
          default ->
              "%s/ is no mount of this engine (%s): --mount names the path at which it is enabled, VAULT_NAMESPACE the namespace"
                  .formatted(settings.mount(), String.join("; ", answer.errors()));
        });
  }

  private static Item known(Item item, ExistingRoles existing) {
    var client = item.client();
    var owner = existing.roleOf(client);
    if (owner.isEmpty()) {
      return item;
    }
    boolean there = item.role().isEmpty() || item.role().equals(owner.get());
    return item.done(
        there
            ? Result.of(client, owner.get(), Kind.ALREADY_THERE)
            : Result.refused(
                client,
                item.role(),
                List.of(
                    "client %s is in static role %s already: name that one in the list, or delete it first"
                        .formatted(client.id(), owner.get()))));
  }

  private Item named(Item item, ClientImport one) throws InterruptedException {
    var client = item.client();
    if (!settings.names().needsClientName()) {
      return item.named(settings.names().name(client.id(), ""));
    }
    pace.awaitTurn();
    var seen = one.rehearse(client, "");
    if (seen.result().kind() != Kind.WOULD_BE_IMPORTED) {
      return item.done(seen.result());
    }
    var named = item.named(settings.names().name(client.id(), seen.clientName()));
    return settings.dryRun() ? named.done(seen.result().in(named.role())) : named;
  }

  /** A name that is made of what clients are called may be that of two. */
  private static List<Item> withoutClashes(List<Item> items, ExistingRoles existing) {
    Map<String, List<Item>> byRole = new TreeMap<>();
    for (var item : items) {
      if (!item.role().isEmpty()) {
        byRole.computeIfAbsent(item.role(), _ -> new ArrayList<>()).add(item);
      }
    }
    var checked = new ArrayList<Item>();
    for (var item : items) {
      var clash = clash(item, byRole.getOrDefault(item.role(), List.of()), existing);
      checked.add(
          clash
              .map(reason -> item.done(Result.refused(item.client(), item.role(), List.of(reason))))
              .orElse(item));
    }
    return checked;
  }

  private static Optional<String> clash(Item item, List<Item> same, ExistingRoles existing) {
    boolean mayClash =
        !item.role().isEmpty()
            && item.result().filter(it -> it.kind() != Kind.WOULD_BE_IMPORTED).isEmpty();
    if (!mayClash) {
      return Optional.empty();
    }
    if (!RoleNames.valid(item.role())) {
      return Optional.of(
          "static role \"%s\": %s; name it in the list".formatted(item.role(), RoleNames.ALLOWED));
    }
    var other = existing.otherClient(item.role(), item.client());
    if (other.isPresent()) {
      return Optional.of(
          "static role %s has client %s already: name another one in the list"
              .formatted(item.role(), other.get()));
    }
    if (same.size() > 1 && item.client().role().isEmpty()) {
      return Optional.of(
          "the clients of lines %s would all get the static role %s: name one for each in the list"
              .formatted(
                  same.stream()
                      .map(it -> String.valueOf(it.client().line()))
                      .collect(Collectors.joining(", ")),
                  item.role()));
    }
    return Optional.empty();
  }

  private Item rehearsed(Item item, ClientImport one) throws InterruptedException {
    pace.awaitTurn();
    return item.done(one.rehearse(item.client(), item.role()).result());
  }

  private Item adopted(Item item, ClientImport one, ExistingRoles existing)
      throws InterruptedException {
    // What is in already costs Genesys nothing.
    if (!existing.names().contains(item.role())) {
      pace.awaitTurn();
    }
    return item.done(one.adopt(item.index(), item.client(), item.role()));
  }

  /** Does a step of each client that is not done yet, some at a time. */
  private List<Item> each(List<Item> items, Step step) throws InterruptedException {
    var threads = Thread.ofVirtual().name("fleet-", 0).factory();
    try (var executor = Executors.newFixedThreadPool(settings.parallel(), threads)) {
      var running = new HashMap<Integer, Future<Item>>();
      for (var item : items) {
        if (item.open()) {
          running.put(
              item.index(),
              executor.submit(() -> {
                var after = step.of(item);
                after.result().ifPresent(progress::done);
                return after;
              }));
        }
      }
      var after = new ArrayList<Item>();
      try {
        for (var item : items) {
          var future = running.get(item.index());
          after.add(future == null ? item : future.get());
        }
      } catch (ExecutionException e) {
        executor.shutdownNow();
        throw new IllegalStateException("a client could not be worked on", e.getCause());
      } catch (InterruptedException e) {
        executor.shutdownNow();
        throw e;
      }
      return after;
    }
  }
}
