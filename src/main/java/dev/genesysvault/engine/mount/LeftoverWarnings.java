package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.queue.ClientSnapshot;
import dev.genesysvault.queue.Step;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.JournalEntry;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StorageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names, to whoever disables a mount, the clients that its storage still knows: one entry that
 * cannot be read must not hide the others.
 */
public final class LeftoverWarnings {
  /** Entries of each kind that are named one by one; more of them are counted. */
  static final int MOST_NAMED = 1_000;

  private final MountStorage storage;
  private final ClientQueue clientQueue;
  private final List<String> warnings = new ArrayList<>();
  private final Set<String> active = new LinkedHashSet<>();
  private int others;

  LeftoverWarnings(MountStorage storage, ClientQueue clientQueue) {
    this.storage = storage;
    this.clientQueue = clientQueue;
  }

  /**
   * What a mount leaves behind if it is wiped now.
   *
   * @param warnings one line for each entry, at most {@value #MOST_NAMED} of each kind
   * @param active ids of the clients that nobody ends then: a lease that Vault revokes next ends
   *     its own
   * @param others how many entries do not say which client they stand for, or were not looked at
   */
  public record Left(List<String> warnings, List<String> active, int others) {}

  /** Looks at everything that storage still knows. */
  Left look() throws InterruptedException {
    // First, since nothing else is going to revoke these.
    name("journal/", List.of(), storage.journal(), this::journaled);
    name("clients/", knownNobodysFirst(), storage.clients(), this::recorded);
    name("static-creds/", List.of(), storage.staticCredentials(), this::rotated);
    return new Left(List.copyOf(warnings), List.copyOf(active), others);
  }

  private <T> void name(
      String prefix, List<String> first, Folder<T> folder, BiFunction<String, T, String> described)
      throws InterruptedException {
    var names = Stream.concat(first.stream(), listed(prefix, folder).stream()).distinct().toList();
    var batches = Folder.batches(names.stream().limit(MOST_NAMED).toList());
    for (var batch : batches) {
      read(
          folder,
          batch,
          found -> {
            switch (found) {
              case Found.Document(var name, var document) ->
                  warnings.add(described.apply(name, document));
              case Found.Nothing<T> _ -> {
                // Removed since it was listed.
              }
              case Found.Unreadable(var name, var reason) -> {
                others++;
                warnings.add(
                    "%s%s cannot be read (%s): what it stands for lives on in Genesys"
                        .formatted(prefix, name, reason));
              }
            }
          });
    }
    if (names.size() > MOST_NAMED) {
      others += names.size() - MOST_NAMED;
      warnings.add("and %,d more below %s".formatted(names.size() - MOST_NAMED, prefix));
    }
  }

  private List<String> listed(String prefix, Folder<?> folder) throws InterruptedException {
    try {
      return folder.names();
    } catch (StorageException e) {
      others++;
      warnings.add("what is below %s cannot be listed: %s".formatted(prefix, e.getMessage()));
      return List.of();
    }
  }

  /** Where one of many fails, each is read alone, so that the others are named. */
  private static <T> void read(Folder<T> folder, List<String> names, Consumer<Found<T>> visitor)
      throws InterruptedException {
    var passed = new HashSet<String>();
    try {
      folder.each(
          names,
          found -> {
            passed.add(found.name());
            visitor.accept(found);
          });
      return;
    } catch (StorageException e) {
      if (names.size() == 1) {
        visitor.accept(new Found.Unreadable<>(names.getFirst(), String.valueOf(e.getMessage())));
        return;
      }
    }
    for (var name : names) {
      if (!passed.contains(name)) {
        read(folder, List.of(name), visitor);
      }
    }
  }

  /** Returns the keys of the records that are known, and first those that nobody has. */
  private List<String> knownNobodysFirst() {
    var issuedLast =
        Comparator.comparing((ClientSnapshot client) -> !RollbackHandler.unfinished(client));
    return clientQueue.all().stream()
        .sorted(issuedLast)
        .map(client -> client.key().value())
        .toList();
  }

  private String journaled(String key, JournalEntry entry) {
    var data = entry.internalData();
    lives(Optional.ofNullable(data.get("client_id")).map(String::valueOf));
    return "journal/%s: the revoke of client %s (%s) in organisation %s was written down and is not done: delete it in Genesys"
        .formatted(key, data.get("client_id"), data.get("names"), data.get("organization_id"));
  }

  private String rotated(String name, StaticCredential credential) {
    credential.clientIds().forEach(id -> active.add(id.value()));
    var ids =
        credential.generations().stream()
            .map(generation -> generation.clientId() + " (" + generation.name() + ")")
            .collect(Collectors.joining(", "));
    return "static role %s is not deleted: if this is a disabling and not a move, its clients stay active, %s, and nobody rotates them: drain a mount first to end them"
        .formatted(name, ids.isEmpty() ? "none" : ids);
  }

  private String recorded(String key, ClientRecord client) {
    boolean dead =
        clientQueue.of(new ClientKey(key)).filter(it -> it.step() == Step.DELETE).isPresent();
    if (client.state() != State.ISSUED && !dead) {
      lives(Optional.ofNullable(client.clientId()).map(ClientId::value));
    }
    var what =
        "client %s (record %s, %s) in organisation %s"
            .formatted(
                Optional.ofNullable(client.clientId())
                    .map(ClientId::value)
                    .orElse("without a known id"),
                key,
                client.state(),
                client.organizationId());
    var names = client.names().stream().map(ClientName::value).collect(Collectors.joining(" or "));
    return client.state() == State.ISSUED
        ? "%s is handed out: the revoke of its lease decommissions it; if it has no lease, delete it in Genesys by its name, %s"
            .formatted(what, names)
        : "%s is not decommissioned: delete it in Genesys by its name, %s".formatted(what, names);
  }

  private void lives(Optional<String> id) {
    if (id.isEmpty()) {
      others++;
    } else {
      active.add(id.get());
    }
  }
}
