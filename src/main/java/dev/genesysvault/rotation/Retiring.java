package dev.genesysvault.rotation;

import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.DeliveryAttempts.Purpose;
import dev.genesysvault.rotation.DeliveryPlaces.Place;
import dev.genesysvault.rotation.DeliverySteps.Progress;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.Former;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import java.util.List;

/**
 * Has a destination give up the versions of clients whose grace is over, where readers can still
 * reach those. The role's lock is held.
 */
final class Retiring {
  private final StaticRoleStore credentials;
  private final DeliveryTries tries;
  private final Errands errands;

  Retiring(StaticRoleStore credentials, DeliveryTries tries, Errands errands) {
    this.credentials = credentials;
    this.tries = tries;
    this.errands = errands;
  }

  /** Retires what is over at one entry, where that holds the present client. */
  Progress step(
      RotationItem item,
      DestinationEntry entry,
      Place place,
      StaticCredential credential,
      StaticClient current)
      throws InterruptedException {
    var delivery = Deliveries.of(credential, entry).filter(it -> it.holds(current.key()));
    var over = delivery.map(it -> over(it, credential)).orElse(List.of());
    if (delivery.isEmpty() || over.isEmpty() || !(place instanceof Place.Open(var opened))) {
      return new Progress.Nothing();
    }
    return retire(item, delivery.get(), over, opened, credential);
  }

  private Progress retire(
      RotationItem item,
      Delivery delivery,
      List<Former> over,
      OpenDestinations.Opened opened,
      StaticCredential credential)
      throws InterruptedException {
    var waits = tries.waits(item, delivery, new Place.Open(opened), Purpose.RETIRE);
    if (waits.isPresent()) {
      return waits.get();
    }
    var versions = over.stream().map(Former::version).toList();
    var errand = errands.begun(Lane.DELETE, Purpose.RETIRE, delivery);
    return switch (opened
        .destination()
        .retire(delivery.entry(), delivery.version(), versions, errand)) {
      case Removed.Done _ -> {
        opened.answered();
        item.deliveries.forget(delivery);
        credentials.write(item.name, credential.delivering(delivery.without(over)));
        yield new Progress.Tried();
      }
      case Removed.Failed(var failure) ->
          tries.failed(item, delivery, Purpose.RETIRE, opened, failure);
    };
  }

  /** Returns the versions of clients that no reader may rely on any more. */
  private static List<Former> over(Delivery delivery, StaticCredential credential) {
    return delivery.former().stream()
        .filter(former -> !works(former.client(), credential))
        .toList();
  }

  private static boolean works(ClientKey key, StaticCredential credential) {
    return credential.generations().stream().anyMatch(client -> client.key().equals(key));
  }
}
