package dev.genesysvault.rotation;

import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.DeliveryAttempts.Purpose;
import dev.genesysvault.rotation.DeliveryPlaces.Place;
import dev.genesysvault.rotation.DeliverySteps.Progress;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.StaticCredential;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what is at entries of destinations that no static role wants any more, where that is
 * to go, and tells of what may stay behind. The role's lock is held.
 */
final class Leaving {
  /** A role that is being deleted does not wait for ever. */
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private final StaticRoleStore credentials;
  private final DeliveryPlaces places;
  private final DeliveryTries tries;
  private final Errands errands;
  private final RotationParts parts;
  private final RotationReports reports;

  Leaving(
      StaticRoleStore credentials,
      DeliveryPlaces places,
      DeliveryTries tries,
      Errands errands,
      RotationParts parts,
      RotationReports reports) {
    this.credentials = credentials;
    this.places = places;
    this.tries = tries;
    this.errands = errands;
    this.parts = parts;
    this.reports = reports;
  }

  /**
   * Looks at every entry of a role that is being deleted.
   *
   * @param hastily whether each has one try, since the mount is drained
   */
  Progress all(RotationItem item, StaticCredential credential, boolean hastily)
      throws InterruptedException {
    var until = item.leaveBy;
    if (until == null || hastily) {
      until = Deadline.in(hastily ? Duration.ZERO : LONGEST, parts.time());
      item.leaveBy = until;
    }
    Progress progress = new Progress.Nothing();
    for (var delivery : credential.deliveries()) {
      switch (step(item, delivery, credential, until)) {
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

  /**
   * Takes away what is at one entry.
   *
   * @param until when to give up; null for never
   */
  Progress step(
      RotationItem item, Delivery delivery, StaticCredential credential, @Nullable Deadline until)
      throws InterruptedException {
    var place = places.open(delivery.destination());
    var stays = stays(delivery, place);
    if (stays.isPresent()) {
      if (!stays.get().isEmpty() && delivery.client() != null) {
        reports.leftBehind(item.name, delivery, stays.get());
      }
      return dropped(item, delivery, credential);
    }
    var waits = tries.waits(item, delivery, place, Purpose.REMOVE);
    if (waits.isPresent()) {
      return over(until)
          ? givenUp(item, delivery, credential, waits.get().why().text())
          : until == null ? waits.get() : waits.get().atMost(parts.time().now().plus(until.left()));
    }
    if (!(place instanceof Place.Open(var opened))) {
      var why = place.whyNot(item.name);
      return over(until)
          ? givenUp(item, delivery, credential, why.text())
          : tries.failed(item, delivery, Purpose.REMOVE, why, Duration.ZERO);
    }
    var errand = errands.begun(Lane.DELETE, Purpose.REMOVE, delivery);
    return switch (opened.destination().remove(delivery.entry(), delivery.version(), errand)) {
      case Removed.Done _ -> {
        opened.answered();
        if (delivery.state() == State.SENDING) {
          reports.leftBehind(item.name, delivery, "whether the last sending arrived is not known");
        }
        yield dropped(item, delivery, credential);
      }
      case Removed.Failed(var failure) -> {
        var progress = tries.failed(item, delivery, Purpose.REMOVE, opened, failure);
        yield over(until) ? givenUp(item, delivery, credential, failure.why().text()) : progress;
      }
    };
  }

  /** Returns why what is there stays, empty where that was wanted; nothing where it is to go. */
  private static Optional<String> stays(Delivery delivery, Place place) {
    return switch (place) {
      case Place.Missing _ -> Optional.of("");
      case Place.Open(var opened) when !opened.config().removes() -> Optional.of("");
      case Place.Open(var opened) when !Deliveries.isOf(delivery, opened.config()) ->
          Optional.of("it lies where the destination led before it was changed");
      case Place.Open _, Place.Closed _ ->
          delivery.version().isEmpty()
              ? Optional.of("whether the last sending arrived is not known")
              : Optional.empty();
    };
  }

  private static boolean over(@Nullable Deadline until) {
    return until != null && until.over();
  }

  private Progress givenUp(
      RotationItem item, Delivery delivery, StaticCredential credential, String why)
      throws InterruptedException {
    reports.leftBehind(item.name, delivery, why);
    return dropped(item, delivery, credential);
  }

  private Progress dropped(RotationItem item, Delivery delivery, StaticCredential credential)
      throws InterruptedException {
    item.deliveries.forget(delivery);
    credentials.write(item.name, credential.withoutDelivery(delivery));
    return new Progress.Tried();
  }
}
