package dev.genesysvault.rotation;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.Backoff;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.rotation.DeliveryAttempts.Purpose;
import dev.genesysvault.rotation.DeliveryAttempts.Tried;
import dev.genesysvault.rotation.DeliveryPlaces.Place;
import dev.genesysvault.rotation.DeliverySteps.Progress;
import dev.genesysvault.rotation.OpenDestinations.Opened;
import dev.genesysvault.storage.Delivery;
import java.time.Duration;
import java.util.Optional;

/** When an entry of a destination that failed is tried again, and who is told. */
final class DeliveryTries {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(4);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  private final RotationParts parts;
  private final RotationReports reports;
  private final Backoff waits;

  DeliveryTries(RotationParts parts, RotationReports reports) {
    this.parts = parts;
    this.reports = reports;
    this.waits = new Backoff(FIRST_WAIT, LONGEST_WAIT, parts.randomness());
  }

  /** Returns until when an entry is left alone; empty where it may be tried. */
  Optional<Progress.Waits> waits(RotationItem item, Delivery stored, Place place, Purpose purpose) {
    var now = parts.time().now();
    var tried = item.deliveries.of(stored, purpose).filter(it -> !it.next().over());
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

  /** Takes note that a destination did not do what was asked of it. */
  Progress failed(
      RotationItem item,
      Delivery stored,
      Purpose purpose,
      Opened opened,
      DestinationFailure failure)
      throws InterruptedException {
    opened.failed(failure);
    return failed(item, stored, purpose, failure.why(), failure.retryAfter());
  }

  /** Takes note that something could not be done, and tells of what is another trouble. */
  Progress failed(RotationItem item, Delivery stored, Purpose purpose, Trouble why, Duration least)
      throws InterruptedException {
    var before = item.deliveries.last(stored, purpose);
    int failures = before.map(Tried::failures).orElse(0) + 1;
    var wait = waits.after(failures);
    var next = Deadline.in(wait.compareTo(least) > 0 ? wait : least, parts.time());
    item.deliveries.put(new Tried(stored, purpose, failures, why, next), parts.time().now());
    if (before.filter(it -> it.trouble().isSameAs(why)).isEmpty()) {
      reports.undelivered(item.name, stored, why);
    }
    return new Progress.Tried();
  }
}
