package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.engine.request.Failures;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.upstream.ClientNaming;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.Genesys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether whoever answers at the addresses of a configuration is the organisation in which this
 * mount's clients live. What a host says of its organisation proves that only where the host is
 * Genesys' own. Another one has to know what only the organisation knows: the name of a client that
 * this mount made, which holds 96 random bits, told by its id alone.
 */
final class OrganizationCheck {
  /** A client that somebody deleted proves nothing; one of a few will be there. */
  private static final int MOST_WITNESSES = 3;

  private final MountStorage storage;
  private final CallContext context;
  private boolean trusting;

  OrganizationCheck(MountStorage storage, CallContext context) {
    this.storage = storage;
    this.context = context;
  }

  /** A client whose name nobody can guess. */
  private record Witness(ClientKey key, ClientId id) {}

  /**
   * Returns what the organisation that answered is to this mount: itself, or another one that
   * claims to be it.
   *
   * @param before the configuration whose addresses are believed; empty for none
   * @param genesys who answered
   * @throws RefusedException where Genesys does not answer
   */
  Organization identify(
      Organization learnt, MountConfig config, Optional<MountConfig> before, Genesys genesys)
      throws InterruptedException {
    if (config.endpoint().isGenesysOwn()) {
      return learnt;
    }
    var known =
        before
            .filter(it -> config.endpoint().equals(it.proven()))
            .map(MountConfig::organization)
            .map(Organization::id);
    if (known.filter(learnt.id()::equals).isPresent() || none()) {
      return learnt;
    }
    var claimed = learnt.claimedAt(config.endpoint());
    if (known.filter(claimed.id()::equals).isPresent()) {
      return claimed;
    }
    return knowsOneOf(witnesses(learnt), genesys) || none() ? learnt : claimed;
  }

  /**
   * Whether there are no clients, so that a host's word harms none; what is decided by that holds
   * as long as there are none.
   */
  boolean none() throws InterruptedException {
    boolean none = clients() == 0;
    trusting |= none;
    return none;
  }

  /**
   * Whether what was found out still holds, as far as it depends on the mount's clients. Who asks
   * keeps the configuration from being shared, so that none is made meanwhile.
   */
  boolean holds() throws InterruptedException {
    return !trusting || clients() == 0;
  }

  /** Returns how many clients this mount has, or may have. */
  int clients() throws InterruptedException {
    return clients(storage);
  }

  /** Returns how many clients a mount has, or may have. */
  static int clients(MountStorage storage) throws InterruptedException {
    return storage.clients().names().size() + storage.staticCredentials().names().size();
  }

  private boolean knowsOneOf(List<Witness> witnesses, Genesys genesys) throws InterruptedException {
    var mark = storage.mount().get().map(MountMark::mark);
    if (mark.isEmpty()) {
      return false;
    }
    for (var witness : witnesses) {
      switch (genesys.clients().get(witness.id(), context)) {
        case Ok<FoundClient>(var found) -> {
          return named(found, witness, mark.get());
        }
        case Failed<FoundClient>(Refused refused) when refused.notFound() -> {
          // Somebody deleted it, or this is not its organisation.
        }
        case Failed<FoundClient>(var failure) ->
            throw Failures.refused(
                failure,
                "Whether this is the organisation in which this mount's clients live is not known; nothing was changed");
      }
    }
    return false;
  }

  private static boolean named(FoundClient found, Witness witness, Mark mark) {
    return ClientNaming.isOurs(found.name(), mark, witness.key());
  }

  private List<Witness> witnesses(Organization organization) throws InterruptedException {
    var witnesses = new ArrayList<Witness>();
    addFirst(
        storage.clients(),
        (key, client) -> witness(new ClientKey(key), client, organization),
        witnesses);
    addFirst(storage.staticCredentials(), (_, stored) -> witness(stored, organization), witnesses);
    return witnesses;
  }

  private static @Nullable Witness witness(
      ClientKey key, ClientRecord client, Organization organization) {
    var id = client.clientId();
    return id == null || !client.organizationId().equals(organization.id())
        ? null
        : new Witness(key, id);
  }

  private static @Nullable Witness witness(StaticCredential stored, Organization organization) {
    var current = stored.current();
    return current == null
            || current.clientId() == null
            || current.imported()
            || !current.organizationId().equals(organization.id())
        ? null
        : new Witness(current.key(), current.clientId());
  }

  /** Looks at the first documents alone: one witness is enough, and most are one. */
  private static <T> void addFirst(
      Folder<T> folder, BiFunction<String, T, @Nullable Witness> of, List<Witness> witnesses)
      throws InterruptedException {
    var batches = Folder.batches(folder.names());
    if (batches.isEmpty()) {
      return;
    }
    int most = witnesses.size() + MOST_WITNESSES;
    folder.each(
        batches.getFirst(),
        found -> {
          if (witnesses.size() < most
              && found instanceof Found.Document<T>(var name, var document)) {
            Optional.ofNullable(of.apply(name, document)).ifPresent(witnesses::add);
          }
        });
  }
}
