package dev.genesysvault.rotation;

import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.DeliveryAttempts.Purpose;
import dev.genesysvault.rotation.DeliveryAttempts.Tried;
import dev.genesysvault.rotation.DeliveryPlaces.Place;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;

/**
 * Brings a static role's credential to its entries of destinations, one entry at a time: announced
 * in storage before it is sent, noted once it was read back. The role's lock is held.
 */
final class DeliverySteps {
  private final StaticRoleStore credentials;
  private final RotationParts parts;
  private final RotationReports reports;
  private final DeliveryTries tries;
  private final Leaving leaving;
  private final Retiring retiring;
  private final DeliveryPlaces places;
  private final Errands errands;

  DeliverySteps(
      StaticRoleStore credentials, Errands errands, RotationParts parts, RotationReports reports) {
    this.credentials = credentials;
    this.parts = parts;
    this.reports = reports;
    this.places = new DeliveryPlaces(credentials);
    this.errands = errands;
    this.tries = new DeliveryTries(parts, reports);
    this.leaving = new Leaving(credentials, places, tries, errands, parts, reports);
    this.retiring = new Retiring(credentials, tries, errands);
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
      /** Returns this one, or one that is over sooner. */
      Waits atMost(Instant latest) {
        return latest.isBefore(until) ? new Waits(why, latest) : this;
      }

      static Waits earlier(Progress one, Waits other) {
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
    for (var entry : role.destinations()) {
      var opened = places.open(entry.destination());
      if (!opened.required() || settled(credential, entry, opened, next)) {
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
    // Who reads at a former entry reads on there until the one in its place holds something.
    var missing = new HashSet<String>();
    for (var entry : role.destinations()) {
      var opened = places.open(entry.destination());
      boolean settled = settled(credential, entry, opened, current);
      if (!settled) {
        missing.add(entry.destination());
      }
      var next =
          settled
              ? afterwards(item, entry, opened, credential, current)
              : send(item, entry, opened, credential, current);
      if (next instanceof Progress.Tried) {
        return next;
      }
      progress =
          next instanceof Progress.Waits it ? Progress.Waits.earlier(progress, it) : progress;
    }
    for (var delivery : Deliveries.left(Optional.of(role), credential)) {
      if (!missing.contains(delivery.destination())) {
        var next = leaving.step(item, delivery, credential, null);
        if (next instanceof Progress.Tried) {
          return next;
        }
        progress =
            next instanceof Progress.Waits it ? Progress.Waits.earlier(progress, it) : progress;
      }
    }
    return progress;
  }

  private static boolean settled(
      StaticCredential credential, DestinationEntry entry, Place place, StaticClient client) {
    return Deliveries.of(credential, entry)
        .filter(it -> Deliveries.settled(it, entry, place, client.key()))
        .isPresent();
  }

  /** Takes away what is at one of the entries of a role that is being deleted. */
  Progress leave(RotationItem item, StaticCredential credential, boolean hastily)
      throws InterruptedException {
    return leaving.all(item, credential, hastily);
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
    var waits = tries.waits(item, stored, place, Purpose.SEND);
    if (waits.isPresent()) {
      return waits.get();
    }
    var value = places.value(entry, client);
    if (!(place instanceof Place.Open(var opened)) || value.isEmpty()) {
      return tries.failed(item, stored, Purpose.SEND, place.whyNot(item.name), Duration.ZERO);
    }
    var revision = Deliveries.revision(opened.config(), entry);
    boolean announced =
        stored.state() == State.SENDING
            && client.key().equals(stored.client())
            && stored.revision().equals(revision);
    // Versions that were confirmed elsewhere may be those of somebody else here.
    var known = Deliveries.isOf(stored, opened.config()) ? stored : stored.elsewhere();
    var sending =
        announced ? stored : known.sending(client.key(), revision, opened.keepsFormer(), now);
    if (!announced) {
      credentials.write(item.name, credential.delivering(sending));
    }
    var errand = errands.begun(parts.context(credential).lane(), Purpose.SEND, sending);
    return switch (opened.destination().send(entry.entry(), value.get(), errand)) {
      case Sent.Confirmed(var version) -> {
        opened.answered();
        item.deliveries.forget(sending);
        credentials.write(
            item.name, credential.delivering(sending.confirmed(version, parts.time().now())));
        yield new Progress.Tried();
      }
      case Sent.Failed(var failure) -> tries.failed(item, sending, Purpose.SEND, opened, failure);
    };
  }

  /** Retires what a settled entry holds of clients that have ended, and looks at it. */
  private Progress afterwards(
      RotationItem item,
      DestinationEntry entry,
      Place place,
      StaticCredential credential,
      StaticClient current)
      throws InterruptedException {
    var retired = retiring.step(item, entry, place, credential, current);
    if (retired instanceof Progress.Tried) {
      return retired;
    }
    var looked = look(item, entry, place, credential, current);
    return retired instanceof Progress.Waits waits ? Progress.Waits.earlier(looked, waits) : looked;
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
    if (item.deliveries.of(delivery, Purpose.LOOK).isEmpty()) {
      looked(item, delivery, untilLook(delivery, apart));
    }
    var waits = tries.waits(item, delivery, place, Purpose.LOOK);
    if (waits.isPresent()) {
      return waits.get();
    }
    return switch (opened
        .destination()
        .look(
            entry.entry(),
            delivery.version(),
            value.get(),
            errands.begun(Lane.LOOK, Purpose.LOOK, delivery))) {
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
      case Seen.Failed(var failure) -> tries.failed(item, delivery, Purpose.LOOK, opened, failure);
    };
  }

  private void looked(RotationItem item, Delivery delivery, Duration next) {
    item.deliveries.put(
        new Tried(delivery, Purpose.LOOK, 0, Trouble.NONE, Deadline.in(next, parts.time())),
        parts.time().now());
  }

  /** The same for every session, so that one which ends each hour looks once in a day, too. */
  private Duration untilLook(Delivery delivery, Duration apart) {
    var since = Duration.between(delivery.at(), parts.time().now());
    return since.isNegative()
        ? apart
        : apart.minus(Duration.ofSeconds(since.toSeconds() % apart.toSeconds()));
  }
}
