package dev.genesysvault.upkeep;

import dev.genesysvault.client.ClientRecords;
import dev.genesysvault.client.LeaseData;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.metrics.Metric;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.storage.ClientRecord.State;
import dev.genesysvault.storage.DecommissionedClient;
import dev.genesysvault.storage.JournalEntry;
import dev.genesysvault.storage.MountConfig;
import dev.genesysvault.storage.MountMark;
import dev.genesysvault.storage.StorageException;
import dev.genesysvault.storage.StorageException.Kind;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what the plugin wrote down while the sidecar was away: every revoke becomes a record
 * that says so, and is then forgotten. Whether Vault was told that it is done makes no difference:
 * its lease may be there, and may have been revoked again meanwhile.
 */
final class JournalTakeover {
  private static final Logger LOG = LoggerFactory.getLogger(JournalTakeover.class);

  private final ClientRecords records;
  private final BugLog bugs;
  private final Meters meters;

  JournalTakeover(ClientRecords records, BugLog bugs, Meters meters) {
    this.records = records;
    this.bugs = bugs;
    this.meters = meters;
  }

  /** Returns the entries that stay, with the reason of each. */
  Map<String, String> read() throws InterruptedException {
    var unusable = new TreeMap<String, String>();
    var journal = records.storage().journal();
    var names = journal.names();
    if (names.isEmpty()) {
      return unusable;
    }
    var mark = records.storage().mount().get().map(MountMark::mark);
    for (var name : names) {
      try {
        var entry = journal.entry(name).get();
        if (entry.isPresent()) {
          takeOver(entry.get(), mark.orElseThrow(() -> refused("the mount has no mount id")));
        }
        journal.entry(name).delete();
        if (entry.isPresent()) {
          meters.count(Metric.JOURNAL_TAKEN_OVER);
        }
      } catch (StorageException e) {
        if (e.kind() != Kind.UNREADABLE) {
          throw e;
        }
        unusable.put(name, unusable(name, e));
      } catch (RuntimeException | Error e) {
        Fatal.check(e);
        // One entry's bug must not keep the others from being taken over.
        unusable.put(name, unusable(name, e));
      }
    }
    return unusable;
  }

  private void takeOver(JournalEntry entry, Mark mark) throws InterruptedException {
    var lease = LeaseData.read(entry.internalData());
    if (!lease.mark().equals(mark)) {
      throw refused(
          "its lease carries the mark %s, and this mount's is %s".formatted(lease.mark(), mark));
    }
    try (var _ = records.lock(lease.key())) {
      var stored = records.get(lease.key());
      if (stored.isEmpty()) {
        // Once its organisation is left, a client that has no record is gone.
        if (!records.clientQueue().goneLately().has(lease.key()) && !leftOrganization(lease)) {
          records.put(lease.key(), lease.retiringRecord(entry.issued()));
        }
      } else if (stored.get().state() == State.ISSUED) {
        records.put(lease.key(), stored.get().endedBy(DecommissionedClient.REVOKE).retiring(""));
      } else if (stored.get().state() == State.CREATING) {
        records.put(
            lease.key(),
            stored
                .get()
                .endedBy(DecommissionedClient.REVOKE)
                .found(lease.clientId(), stored.get().body()));
      }
    }
  }

  private boolean leftOrganization(LeaseData lease) throws InterruptedException {
    var organization = records.storage().config().get().map(MountConfig::organization);
    return organization.filter(now -> !now.id().equals(lease.organizationId())).isPresent();
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(why);
  }

  private String unusable(String name, Throwable cause) {
    bugs.told(
        LOG,
        "a revoke that the plugin wrote down cannot be taken over; its entry stays",
        cause,
        line ->
            line.addKeyValue("mount", records.mountUuid()).addKeyValue("entry", "journal/" + name));
    return String.valueOf(cause.getMessage());
  }
}
