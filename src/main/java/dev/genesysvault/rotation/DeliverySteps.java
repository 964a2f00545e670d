package dev.genesysvault.rotation;

import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.DeliveryAttempts.Tried;
import dev.genesysvault.rotation.DeliveryPlaces.Place;
import dev.genesysvault.rotation.OpenDestinations.Opened;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Brings a static role's credential to its entries of destinations, one entry at a time: announced
 * in storage before it is sent, noted once it was read back. The role's lock is held.
 */
final class DeliverySteps {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(4);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** A role that is being deleted does not wait for ever: about four minutes. */
  private static final int MOST_REMOVALS = 6;

  private static final boolean LOOK = true;

  /** Or taking away. */
  private static final boolean SENDING = false;

  private final StaticRoleStore credentials;
  private final RotationParts parts;
  private final RotationReports reports;
  private final Backoff waits;
  private final DeliveryPlaces places;
  private final Errands errands;

  DeliverySteps(
      StaticRoleStore credentials, Errands errands, RotationParts parts, RotationReports reports) {
    this.credentials = credentials;
    this.parts = parts;
    this.reports = reports;
    this.places = new DeliveryPlaces(credentials);
    this.errands = errands;
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, parts.randomness());
  }

  /** What a look at the entries came to. */
  sealed interface Progress {
    /** Something was tried, and what is stored may be another thing than before. */
    record Tried() implements Progress {}

    /**
     * There is something to do, and not yet.
     *
     * @param why nothing where it is merely not due
     */
    record Waits(Trouble why, Instant until) implements Progress {
      private static Waits earlier(Progress one, Waits other) {
        return one instanceof Waits waits && !other.until.isBefore(waits.until) ? waits : other;
      }
    }

    /** There is nothing to do. */
    record Nothing() implements Progress {}
  }

  /** Sends the next client to one of the entries that have to hold it before the switch. */
  Progress beforeSwitch(
      RotationItem item, StaticRole role, StaticCredential credential, StaticClient next)
      throws InterruptedException {
    Progress progress = new Progress.Nothing();
    for (var entry : Deliveries.missing(role, credential, next.key())) {
      var opened = places.open(entry.destination());
      if (!opened.required()) {
        continue;
      }
      switch (send(item, entry, opened, credential, next)) {
        case Progress.Tried tried -> {
          return tried;
        }
        case Progress.Waits waits -> progress = Progress.Waits.earlier(progress, waits);
        case Progress.Nothing _ -> {
          // Another one may have something.
        }
      }
    }
    return progress;
  }

  /** Does one thing that is due beside a rotation: sends, looks, or takes away. */
  Progress besides(RotationItem item, StaticRole role, StaticCredential credential)
      throws InterruptedException {
    var current = credential.current();
    if (current == null || (role.destinations().isEmpty() && credential.deliveries().isEmpty())) {
      return new Progress.Nothing();
    }
    Progress progress = new Progress.Nothing();
    var missing = Deliveries.missing(role, credential, current.key());
    for (var entry : role.destinations()) {
      var opened = places.open(entry.destination());
      var next =
          missing.contains(entry)
              ? send(item, entry, opened, credential, current)
              : look(item, entry, opened, credential, current);
      if (next instanceof Progress.Tried) {
        return next;
      }
      progress =
          next instanceof Progress.Waits it ? Progress.Waits.earlier(progress, it) : progress;
    }
    if (missing.isEmpty()) {
      var left = leave(item, Optional.of(role), credential, Integer.MAX_VALUE);
      return switch (left) {
        case Progress.Tried _ -> left;
        case Progress.Waits waits -> Progress.Waits.earlier(progress, waits);
        case Progress.Nothing _ -> progress;
      };
    }
    return progress;
  }

  /** Takes away what is at one of the entries of a role that is being deleted. */
  Progress leave(RotationItem item, StaticCredential credential, boolean hastily)
      throws InterruptedException {
    return leave(item, Optional.empty(), credential, hastily ? 1 : MOST_REMOVALS);
  }

  private Progress leave(
      RotationItem item, Optional<StaticRole> role, StaticCredential credential, int mostAttempts)
      throws InterruptedException {
    Progress progress = new Progress.Nothing();
    for (var delivery : Deliveries.left(role, credential)) {
      switch (leave(item, delivery, credential, mostAttempts)) {
        case Progress.Tried tried -> {
          return tried;
        }
        case Progress.Waits waits -> progress = Progress.Waits.earlier(progress, waits);
        case Progress.Nothing _ -> {
          // Never: it is gone, or waits.
        }
      }
    }
    return progress;
  }

  private Progress send(
      RotationItem item,
      DestinationEntry entry,
      Place place,
      StaticCredential credential,
      StaticClient client)
      throws InterruptedException {
    var now = parts.time().now();
    var stored =
        Deliveries.of(credential, entry).orElseGet(() -> Delivery.wanted(entry, Instant.EPOCH));
    var waits = waits(item, stored, place, SENDING);
    if (waits.isPresent()) {
      return waits.get();
    }
    var value = places.value(entry, client);
    if (!(place instanceof Place.Open(var opened)) || value.isEmpty()) {
      return failed(item, stored, SENDING, place.whyNot(item.name), Duration.ZERO);
    }
    boolean announced = stored.state() == State.SENDING && client.key().equals(stored.client());
    var sending = announced ? stored : stored.sending(client.key(), now);
    if (!announced) {
      credentials.write(item.name, credential.delivering(sending));
    }
    var errand = errands.begun(parts.context(credential).lane());
    return switch (opened.destination().send(entry.entry(), value.get(), errand)) {
      case Sent.Confirmed(var version) -> {
        opened.answered();
        item.deliveries.forget(sending);
        credentials.write(
            item.name, credential.delivering(sending.confirmed(version, parts.time().now())));
        yield new Progress.Tried();
      }
      case Sent.Failed(var failure) -> failed(item, sending, SENDING, opened, failure);
    };
  }

  private Progress look(
      RotationItem item,
      DestinationEntry entry,
      Place place,
      StaticCredential credential,
      StaticClient current)
      throws InterruptedException {
    var stored = Deliveries.of(credential, entry).filter(it -> it.holds(current.key()));
    var value = places.value(entry, current);
    if (stored.isEmpty() || value.isEmpty() || !(place instanceof Place.Open(var opened))) {
      return new Progress.Nothing();
    }
    var apart = opened.config().driftCheck();
    if (apart.isZero()) {
      return new Progress.Nothing();
    }
    var delivery = stored.get();
    if (item.deliveries.of(delivery, LOOK).isEmpty()) {
      looked(item, delivery, untilLook(delivery, apart));
    }
    var waits = waits(item, delivery, place, LOOK);
    if (waits.isPresent()) {
      return waits.get();
    }
    return switch (opened
        .destination()
        .look(entry.entry(), delivery.version(), value.get(), errands.begun(Lane.LOOK))) {
      case Seen.AsSent _ -> {
        opened.answered();
        looked(item, delivery, apart);
        yield new Progress.Tried();
      }
      case Seen.Otherwise(var what) -> {
        opened.answered();
        item.deliveries.forget(delivery);
        boolean repairs = opened.config().autoRepairs();
        var now = parts.time().now();
        credentials.write(
            item.name,
            credential.delivering(repairs ? delivery.wantedAgain(now) : delivery.drifted(now)));
        reports.drifted(item.name, delivery, what, repairs);
        yield new Progress.Tried();
      }
      case Seen.Failed(var failure) -> failed(item, delivery, LOOK, opened, failure);
    };
  }

  private void looked(RotationItem item, Delivery delivery, Duration next) {
    item.deliveries.put(
        new Tried(delivery, LOOK, 0, Trouble.NONE, Deadline.in(next, parts.time())),
        parts.time().now());
  }

  /** The same for every session, so that one which ends each hour looks once in a day, too. */
  private Duration untilLook(Delivery delivery, Duration apart) {
    var since = Duration.between(delivery.at(), parts.time().now());
    return since.isNegative()
        ? apart
        : apart.minus(Duration.ofSeconds(since.toSeconds() % apart.toSeconds()));
  }

  private Progress leave(
      RotationItem item, Delivery delivery, StaticCredential credential, int mostAttempts)
      throws InterruptedException {
    var place = places.open(delivery.destination());
    if (place instanceof Place.Missing
        || delivery.version().isEmpty()
        || (place instanceof Place.Open(var open) && !open.config().removes())) {
      return dropped(item, delivery, credential);
    }
    var waits = waits(item, delivery, place, SENDING);
    if (waits.isPresent()) {
      return waits.get();
    }
    if (!(place instanceof Place.Open(var opened))) {
      var progress = failed(item, delivery, SENDING, place.whyNot(item.name), Duration.ZERO);
      return gaveUp(item, delivery, credential, mostAttempts).orElse(progress);
    }
    var errand = errands.begun(Lane.DELETE);
    return switch (opened.destination().remove(delivery.entry(), delivery.version(), errand)) {
      case Removed.Done _ -> {
        opened.answered();
        if (delivery.state() == State.SENDING) {
          reports.leftBehind(item.name, delivery, "whether the last sending arrived is not known");
        }
        yield dropped(item, delivery, credential);
      }
      case Removed.Failed(var failure) -> {
        var progress = failed(item, delivery, SENDING, opened, failure);
        yield gaveUp(item, delivery, credential, mostAttempts).orElse(progress);
      }
    };
  }

  private Optional<Progress> gaveUp(
      RotationItem item, Delivery delivery, StaticCredential credential, int mostAttempts)
      throws InterruptedException {
    var last = item.deliveries.last(delivery);
    if (last.map(Tried::failures).orElse(0) < mostAttempts) {
      return Optional.empty();
    }
    reports.leftBehind(item.name, delivery, last.orElseThrow().trouble().text());
    return Optional.of(dropped(item, delivery, credential));
  }

  private Progress dropped(RotationItem item, Delivery delivery, StaticCredential credential)
      throws InterruptedException {
    item.deliveries.forget(delivery);
    credentials.write(item.name, credential.withoutDelivery(delivery));
    return new Progress.Tried();
  }

  /** Returns until when an entry is left alone; empty where it may be tried. */
  private Optional<Progress> waits(RotationItem item, Delivery stored, Place place, boolean look) {
    var now = parts.time().now();
    var tried = item.deliveries.of(stored, look).filter(it -> !it.next().over());
    if (tried.isPresent()) {
      var it = tried.get();
      return Optional.of(
          new Progress.Waits(named(stored, it.trouble()), now.plus(it.next().left())));
    }
    if (place instanceof Place.Open(var opened)) {
      return opened
          .rest()
          .map(rest -> new Progress.Waits(named(stored, rest.why()), now.plus(rest.left())));
    }
    return Optional.empty();
  }

  private static Trouble named(Delivery delivery, Trouble why) {
    return why.isNone() ? why : why.after("destination %s: ".formatted(Deliveries.place(delivery)));
  }

  private Progress failed(
      RotationItem item, Delivery stored, boolean look, Opened opened, DestinationFailure failure)
      throws InterruptedException {
    opened.failed(failure);
    return failed(item, stored, look, failure.why(), failure.retryAfter());
  }

  private Progress failed(
      RotationItem item, Delivery stored, boolean look, Trouble why, Duration least)
      throws InterruptedException {
    var before = item.deliveries.last(stored);
    int failures = before.map(Tried::failures).orElse(0) + 1;
    var wait = waits.after(failures);
    var next = Deadline.in(wait.compareTo(least) > 0 ? wait : least, parts.time());
    item.deliveries.put(new Tried(stored, look, failures, why, next), parts.time().now());
    if (before.filter(it -> it.trouble().isSameAs(why)).isEmpty()) {
      reports.undelivered(item.name, stored, why.text());
    }
    return new Progress.Tried();
  }
}
