package dev.genesysvault.destination.google;

import com.google.api.gax.rpc.StatusCode.Code;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.ValueJson;
import dev.genesysvault.destination.google.Secrets.Held;
import dev.genesysvault.destination.google.Secrets.Version;
import dev.genesysvault.resilience.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Has readers of a secret get a value: by the version that holds it already, or by another one.
 * Whatever was done of it before, by a try whose answer was lost, is found or made good.
 */
final class Sending {
  /** Versions of the same value come from tries that follow one another closely. */
  private static final int LOOKED_THROUGH = 25;

  private static final int MOST_READ = 5;

  /** How many tries in a row may have been lost before their versions are shown. */
  private static final int MOST_UNSHOWN = 3;

  /** In bytes: what Google takes. */
  private static final int LARGEST = 64 * 1024;

  private final Secrets secrets;
  private final GcpSettings settings;
  private final Optional<Aliases> aliases;

  Sending(Secrets secrets, GcpSettings settings, Optional<Aliases> aliases) {
    this.secrets = secrets;
    this.settings = settings;
    this.aliases = aliases;
  }

  /** Returns the number of the version by which readers get the value. */
  long send(String entry, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    if (payload.bytes().length > LARGEST) {
      throw failed(
          entry,
          "cannot hold the value, which has %,d bytes of the %,d that Google takes: give the entry a smaller template"
              .formatted(payload.bytes().length, LARGEST));
    }
    var found = found(entry, payload, deadline);
    long number = found.isPresent() ? found.get() : added(entry, payload, deadline);
    var listed = secrets.list(entry, "", LOOKED_THROUGH, "", deadline).must().versions();
    var same = same(entry, number, listed, payload, deadline);
    long newest = same.stream().mapToLong(Version::number).reduce(number, Math::max);
    if (aliases.isPresent()) {
      aliases.get().point(entry, newest, deadline);
    } else if (listed.stream().anyMatch(each -> each.number() > newest)) {
      throw failed(
          entry,
          "got another version after %d from somebody else, which readers of the latest one get: tried again; give it to one writer alone"
              .formatted(newest));
    }
    // The others stay: readers of the latest one may still get them, and they end with their
    // client.
    return newest;
  }

  /** Returns the version by which readers get the value, or would if the alias named it. */
  private Optional<Long> found(String entry, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    long latest = 0;
    for (var name : new LinkedHashSet<>(List.of(settings.readersName(), GcpSettings.LATEST))) {
      var held = secrets.access(entry, name, deadline);
      if (held.unfit() && name.equals(GcpSettings.LATEST)) {
        latest = Long.MAX_VALUE;
      }
      if (!held.notFound() && !held.unfit()) {
        var there = held.must();
        if (payload.isSameAs(there.bytes())) {
          return Optional.of(whole(entry, there).number());
        }
        latest = Math.max(latest, there.number());
      }
    }
    return unshown(entry, latest, payload, deadline);
  }

  /**
   * Returns the version of a try whose answer was lost and that neither names nor lists show yet:
   * what was added is read at once by its number, and numbers follow one another.
   *
   * @param latest number that is shown; the largest there is where nobody knows
   */
  private Optional<Long> unshown(String entry, long latest, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    for (int i = 1; i <= MOST_UNSHOWN && latest < Long.MAX_VALUE - i; i++) {
      var held = secrets.access(entry, String.valueOf(latest + i), deadline);
      if (held.notFound()) {
        return Optional.empty();
      }
      if (!held.unfit() && payload.isExactly(held.must().bytes())) {
        return Optional.of(whole(entry, held.must()).number());
      }
    }
    return Optional.empty();
  }

  private long added(String entry, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var added = secrets.add(entry, payload, deadline);
    if (added.notFound() && settings.create().isPresent()) {
      var created = secrets.create(entry, settings.create().get(), deadline);
      if (!created.is(Code.ALREADY_EXISTS)) {
        created.must();
      }
      added = secrets.add(entry, payload, deadline);
    }
    var version = added.must();
    long number = Secrets.number(version.getName());
    // Unlike what is listed, what was just added is read at once by its number.
    var held = secrets.access(entry, String.valueOf(number), deadline).must();
    if (number == 0
        || !version.getClientSpecifiedPayloadChecksum()
        || whole(entry, held).number() != number
        || !payload.isExactly(held.bytes())) {
      throw failed(
          entry,
          "took version %d, and does not show it as it was written: tried again".formatted(number));
    }
    return number;
  }

  private Held whole(String entry, Held held) throws NotDoneException {
    if (!held.whole()) {
      throw failed(
          entry,
          "showed version %d with a checksum that is another one's: tried again"
              .formatted(held.number()));
    }
    return held;
  }

  /**
   * Returns the enabled versions that hold the same to the byte, among them the one of a number.
   */
  private List<Version> same(
      String entry, long number, List<Version> listed, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var same = new ArrayList<Version>();
    int read = 0;
    for (var each : listed) {
      if (each.number() == number) {
        same.add(each);
      } else if (each.enabled() && read < MOST_READ) {
        read++;
        var held = secrets.access(entry, String.valueOf(each.number()), deadline);
        if (!held.notFound() && !held.unfit() && payload.isExactly(held.must().bytes())) {
          same.add(each);
        }
      }
    }
    return same;
  }

  private NotDoneException failed(String entry, String what) {
    return new NotDoneException(secrets.failures().ofEntry(entry, what));
  }
}
