package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.Value;
import dev.genesysvault.domain.Trouble;
import java.time.Duration;
import java.util.List;

/** A KV engine of version 2: an entry is a path in it, and a version is the engine's own number. */
final class VaultKv implements Destination {
  private final KvEngine engine;
  private final KvCheck check;
  private final String place;

  /**
   * Makes one.
   *
   * @param place where it is, for people
   */
  VaultKv(KvEngine engine, KvCheck check, String place) {
    this.engine = engine;
    this.check = check;
    this.place = place;
  }

  @Override
  public Sent send(String entry, Value value, Errand errand) throws InterruptedException {
    VaultKvKind.requireEntry(entry);
    var deadline = errand.deadline();
    var wanted = new KvValue(value);
    try {
      var latest = engine.latest(entry, deadline);
      if (latest.is(wanted)) {
        return new Sent.Confirmed(String.valueOf(latest.number()));
      }
      if (latest.number() == 0) {
        engine.mustBeOfVersion2(deadline);
      }
      long written = engine.write(entry, latest.number(), wanted, deadline);
      return engine.version(entry, written, deadline).is(wanted)
          ? new Sent.Confirmed(String.valueOf(written))
          : new Sent.Failed(notReadBack(entry, written));
    } catch (NotDoneException e) {
      return new Sent.Failed(e.failure());
    }
  }

  private DestinationFailure notReadBack(String entry, long written) {
    var text =
        "the entry %s at %s took version %d, and does not show it as it was written: a node may lag, or somebody else changes it; tried again"
            .formatted(entry, place, written);
    return new DestinationFailure(Trouble.of(text), Extent.ENTRY, Duration.ZERO);
  }

  @Override
  public Seen look(String entry, String version, Value value, Errand errand)
      throws InterruptedException {
    VaultKvKind.requireEntry(entry);
    var deadline = errand.deadline();
    try {
      var latest = engine.latest(entry, deadline);
      if (latest.data().isEmpty()) {
        return new Seen.Otherwise("it was deleted");
      }
      // Whoever wrote the same once more, did no harm.
      return latest.is(new KvValue(value))
          ? new Seen.AsSent()
          : new Seen.Otherwise("version %d holds something else".formatted(latest.number()));
    } catch (NotDoneException e) {
      return new Seen.Failed(e.failure());
    }
  }

  @Override
  public Removed remove(String entry, String version, Errand errand) throws InterruptedException {
    VaultKvKind.requireEntry(entry);
    var deadline = errand.deadline();
    try {
      long present = engine.present(entry, deadline);
      if (present > 0 && String.valueOf(present).equals(version)) {
        engine.delete(entry, present, deadline);
      }
      return new Removed.Done();
    } catch (NotDoneException e) {
      return new Removed.Failed(e.failure());
    }
  }

  @Override
  public List<Finding> check(String entry, boolean writes, Errand errand)
      throws InterruptedException {
    VaultKvKind.requireEntry(entry);
    return check.findings(entry, errand.deadline());
  }

  /** Names no more than where it is. */
  @Override
  public String toString() {
    return "VaultKv[%s]".formatted(place);
  }
}
