package dev.genesysvault.engine.staticroles;

import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code static-roles/<name>/status} tells of the entries of destinations. */
final class DeliveryViews {
  private DeliveryViews() {}

  static List<Map<String, Object>> of(StaticCredential credential, Optional<RoleSnapshot> tracked) {
    return credential.deliveries().stream().map(it -> of(it, credential, tracked)).toList();
  }

  private static Map<String, Object> of(
      Delivery delivery, StaticCredential credential, Optional<RoleSnapshot> tracked) {
    var tried =
        tracked.map(RoleSnapshot::attempted).map(all -> all.get(Deliveries.place(delivery)));
    var data = new LinkedHashMap<String, Object>();
    data.put("destination", delivery.destination());
    data.put("name", delivery.entry());
    data.put("state", state(delivery, credential, tried.isPresent()));
    data.put("client_id", client(delivery, credential));
    data.put("version", delivery.version());
    data.put("time", delivery.at().truncatedTo(ChronoUnit.SECONDS).toString());
    data.put("attempts", tried.map(RoleSnapshot.Attempt::failures).orElse(0));
    data.put(
        "next_attempt", tried.map(RoleSnapshot.Attempt::next).map(DeliveryViews::shown).orElse(""));
    data.put("last_error", tried.map(RoleSnapshot.Attempt::error).orElse(""));
    return data;
  }

  private static String shown(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private static String state(Delivery delivery, StaticCredential credential, boolean failed) {
    boolean ofNow =
        credential.generations().stream()
            .anyMatch(generation ->
                delivery.holds(generation.key()) && !generation.equals(credential.previous()));
    if (delivery.state() == State.DRIFTED) {
      return "drifted";
    }
    if (ofNow) {
      return "confirmed";
    }
    return failed ? "failing" : "pending";
  }

  /** Empty where it is a client that the role has not any more. */
  private static String client(Delivery delivery, StaticCredential credential) {
    return credential.generations().stream()
        .filter(generation -> generation.key().equals(delivery.client()))
        .map(StaticClient::clientId)
        .flatMap(id -> Optional.ofNullable(id).stream())
        .findFirst()
        .map(id -> id.value())
        .orElse("");
  }
}
