package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Sha256;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.rotation.DeliveryPlaces.Place;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.Json;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is known of the entries of destinations that a static role's credential goes to. */
public final class Deliveries {
  private static final int FINGERPRINT_BYTES = 8;

  private Deliveries() {}

  /** Returns an entry as texts name it; no destination's name holds a slash. */
  public static String place(Delivery delivery) {
    return "%s/%s".formatted(delivery.destination(), delivery.entry());
  }

  /** Returns the destination's name of what {@link #place} returned. */
  static String destination(String place) {
    return Texts.split(place, '/', 2).getFirst();
  }

  /** Returns what is known of an entry; empty for nothing. */
  public static Optional<Delivery> of(StaticCredential credential, DestinationEntry entry) {
    return credential.deliveries().stream()
        .filter(delivery -> entry.isAt(delivery.destination(), delivery.entry()))
        .findFirst();
  }

  /**
   * Whether nothing has to be sent of a client to an entry. What somebody overwrote waits for a
   * word, or for the next client.
   *
   * @param place where it is now
   */
  static boolean settled(Delivery delivery, DestinationEntry entry, Place place, ClientKey key) {
    boolean sent = delivery.holds(key) || delivery.state() == State.DRIFTED;
    return sent
        && key.equals(delivery.client())
        && (!(place instanceof Place.Open(var opened))
            || delivery.revision().equals(revision(opened.config(), entry)));
  }

  /** Returns what tells ways apart in which an entry is sent to. */
  static String revision(DestinationConfig config, DestinationEntry entry) {
    return entry.template().isEmpty()
        ? config.revision()
        : config.revision() + "-" + fingerprint(entry.template());
  }

  /** Whether an entry was sent to as its destination is configured now. */
  static boolean isOf(Delivery delivery, DestinationConfig config) {
    return delivery.revision().equals(config.revision())
        || delivery.revision().startsWith(config.revision() + "-");
  }

  private static String fingerprint(Map<String, Object> template) {
    return Sha256.hex(Sha256.of(Json.write(template)), FINGERPRINT_BYTES);
  }

  /** Returns the entries that the role does not want any more. */
  static List<Delivery> left(Optional<StaticRole> role, StaticCredential credential) {
    return credential.deliveries().stream()
        .filter(delivery ->
            role.stream()
                .flatMap(it -> it.destinations().stream())
                .noneMatch(entry -> entry.isAt(delivery.destination(), delivery.entry())))
        .toList();
  }

  /** Whether the next client was sent anywhere, so that the rotation only goes forward. */
  public static boolean sentNext(StaticCredential credential) {
    var next = credential.next();
    return next != null
        && credential.deliveries().stream()
            .anyMatch(delivery -> next.key().equals(delivery.client()));
  }

  /** Returns the entries, as sentences name them, that do not hold the present client for sure. */
  public static List<String> behind(StaticCredential credential) {
    return credential.deliveries().stream()
        .filter(delivery -> !upToDate(delivery, credential.current()))
        .map(Deliveries::place)
        .toList();
  }

  /** Returns since when the first of them waits, of those that nobody else has written to. */
  static Optional<Instant> behindSince(StaticCredential credential) {
    return credential.deliveries().stream()
        .filter(delivery -> delivery.state() != State.DRIFTED)
        .filter(delivery -> !upToDate(delivery, credential.current()))
        .map(Delivery::at)
        .min(Instant::compareTo);
  }

  /** Returns the entries, as sentences name them, that somebody else has written to. */
  static List<String> drifted(StaticCredential credential) {
    return credential.deliveries().stream()
        .filter(delivery -> delivery.state() == State.DRIFTED)
        .map(Deliveries::place)
        .toList();
  }

  private static boolean upToDate(Delivery delivery, @Nullable StaticClient current) {
    return current != null && delivery.holds(current.key());
  }

  /**
   * Returns the credential once it is to be sent to some of its role's entries, whatever they hold.
   */
  public static StaticCredential wanted(
      StaticCredential credential,
      StaticRole role,
      Predicate<DestinationEntry> which,
      Instant now) {
    var deliveries = new ArrayList<>(credential.deliveries());
    for (var entry : role.destinations()) {
      if (which.test(entry)) {
        var known = of(credential, entry);
        known.ifPresent(deliveries::remove);
        deliveries.add(
            known.map(it -> it.wantedAgain(now)).orElseGet(() -> Delivery.wanted(entry, now)));
      }
    }
    return credential.with(draft -> draft.deliveries = deliveries);
  }
}
