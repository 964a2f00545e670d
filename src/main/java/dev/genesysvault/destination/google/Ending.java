package dev.genesysvault.destination.google;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.google.Secrets.Version;
import dev.genesysvault.resilience.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Ends versions, so that nobody reads them any more: by disabling them, which somebody can undo, or
 * by destroying them.
 */
final class Ending {
  private static final String ENABLED = "state:ENABLED";
  private static final int PAGE = 100;
  private static final int MOST_PAGES = 20;
  private static final int MOST_READ = 10;

  private final Secrets secrets;
  private final Optional<Aliases> aliases;

  Ending(Secrets secrets, Optional<Aliases> aliases) {
    this.secrets = secrets;
    this.aliases = aliases;
  }

  /** Ends a version; one that has ended by somebody else's hand is fine. */
  void end(String entry, Version seen, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var ended = secrets.end(entry, seen, deadline);
    if (ended.notFound()) {
      return;
    }
    if (ended.unfit()) {
      var now = secrets.version(entry, seen.number(), deadline);
      if (now.notFound() || !now.must().enabled()) {
        return;
      }
    }
    ended.must();
  }

  /**
   * Ends these versions, and what holds the same as one of them: a try whose answer was lost left
   * that. Other versions between them are of clients that still work, or of somebody else.
   */
  void retire(String entry, long present, List<Long> former, Deadline deadline)
      throws NotDoneException, InterruptedException {
    long lowest = former.stream().mapToLong(Long::longValue).min().orElse(present);
    if (!isRead(entry, read(entry, deadline), present, deadline)) {
      return;
    }
    // Whole before anything of it changes: a part of what changes may lack some.
    var reached = new ArrayList<Version>();
    boolean all = reached(entry, lowest - MOST_READ, reached, deadline);
    reached.removeIf(each -> each.number() >= present);
    for (var each : over(entry, reached, former, deadline)) {
      end(entry, each, deadline);
    }
    if (!all) {
      throw failed(
          entry,
          "has more than %,d enabled versions, of which not all were looked at: tried again"
              .formatted(PAGE * MOST_PAGES));
    }
  }

  private List<Version> over(
      String entry, List<Version> reached, List<Long> former, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var over = new ArrayList<Version>();
    var held = new ArrayList<byte[]>();
    for (var each : reached) {
      if (former.contains(each.number())) {
        over.add(each);
        held.addAll(bytes(entry, each, deadline));
      }
    }
    int read = 0;
    for (var each : reached) {
      // A try follows the one before within minutes, and so does its version.
      if (!former.contains(each.number()) && read < MOST_READ) {
        read++;
        var other = bytes(entry, each, deadline);
        if (other.stream().anyMatch(it -> held.stream().anyMatch(own -> Arrays.equals(it, own)))) {
          over.add(each);
        }
      }
    }
    return over;
  }

  /** Returns what a version holds; nothing where that cannot be read any more. */
  private List<byte[]> bytes(String entry, Version version, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var held = secrets.access(entry, String.valueOf(version.number()), deadline);
    return held.notFound() || held.unfit() ? List.of() : List.of(held.must().bytes());
  }

  /** Collects the enabled versions from one on; false where there are too many for that. */
  private boolean reached(String entry, long lowest, List<Version> into, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var token = "";
    for (int i = 0; i < MOST_PAGES; i++) {
      var page = secrets.list(entry, ENABLED, PAGE, token, deadline).must();
      page.versions().stream().filter(it -> it.number() >= lowest).forEach(into::add);
      // They come newest first, and what is below was there before.
      if (page.next().isEmpty() || page.versions().stream().anyMatch(it -> it.number() < lowest)) {
        return true;
      }
      token = page.next();
    }
    return false;
  }

  /** Ends a version where readers get it; else leaves it alone. */
  void remove(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    long read = aliases.isPresent() ? released(entry, number, deadline) : read(entry, deadline);
    if (read == 0 || !isRead(entry, read, number, deadline)) {
      return;
    }
    if (read != number) {
      // One that came late, and holds the same.
      endNow(entry, read, deadline);
    }
    endNow(entry, number, deadline);
  }

  /**
   * Takes the alias off where that names a version, or one that holds the same.
   *
   * @return the number of the version that readers got; 0 where it is to be left alone
   */
  private long released(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var alias = aliases.orElseThrow();
    var secret = secrets.secret(entry, deadline);
    if (secret.notFound()) {
      return 0;
    }
    long named = alias.named(secret.must());
    if (named == 0) {
      // A try before this one may have taken it off.
      return number;
    }
    if (!isRead(entry, named, number, deadline)) {
      return 0;
    }
    alias.drop(entry, secret.must(), deadline);
    return named;
  }

  private void endNow(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var version = secrets.version(entry, number, deadline);
    if (!version.notFound() && version.must().enabled()) {
      end(entry, version.must(), deadline);
    }
  }

  /**
   * Whether readers get a version, or one that holds the same.
   *
   * @param read the number of the one that they get; 0 for none
   */
  private boolean isRead(String entry, long read, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    if (read == 0 || read == number) {
      return read != 0;
    }
    if (read < number && aliases.isEmpty()) {
      // Numbers only grow, so that the list lags; or the secret is another one of that name.
      if (secrets.version(entry, number, deadline).notFound()) {
        return false;
      }
      throw failed(
          entry, "does not list version %d yet, which it has: tried again".formatted(number));
    }
    return isSame(entry, read, number, deadline);
  }

  private long read(String entry, Deadline deadline) throws NotDoneException, InterruptedException {
    if (aliases.isEmpty()) {
      return newest(entry, deadline);
    }
    var secret = secrets.secret(entry, deadline);
    return secret.notFound() ? 0 : aliases.orElseThrow().named(secret.must());
  }

  private long newest(String entry, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var page = secrets.list(entry, "", 1, "", deadline);
    return page.notFound()
        ? 0
        : page.must().versions().stream().mapToLong(Version::number).findFirst().orElse(0);
  }

  private boolean isSame(String entry, long one, long other, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var first = secrets.access(entry, String.valueOf(one), deadline);
    if (first.notFound() || first.unfit()) {
      return false;
    }
    var second = secrets.access(entry, String.valueOf(other), deadline);
    if (second.notFound() || second.unfit()) {
      return false;
    }
    return Arrays.equals(first.must().bytes(), second.must().bytes());
  }

  private NotDoneException failed(String entry, String what) {
    return new NotDoneException(secrets.failures().ofEntry(entry, what));
  }
}
