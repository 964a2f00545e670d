package dev.genesysvault.engine.staticroles;

import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.rotation.RoleSnapshot;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Delivery;
import dev.genesysvault.storage.Delivery.State;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StaticCredential;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code static-roles/<name>/status} tells of the entries of destinations. */
final class DeliveryViews {
  private static final String CONFIRMED = "confirmed";
  private static final String NOT_READABLE =
      "not readable: the answer to the write counts, since what the entry holds is not shown";

  private DeliveryViews() {}

  static List<Map<String, Object>> of(
      StaticCredential credential, Optional<RoleSnapshot> tracked, StaticRoleStore credentials)
      throws InterruptedException {
    var unreadable = unreadable(credential, credentials);
    return credential.deliveries().stream()
        .map(it -> of(it, credential, tracked, unreadable.contains(it.destination())))
        .toList();
  }

  /** Returns the destinations whose kind does not show what an entry holds. */
  private static Set<String> unreadable(StaticCredential credential, StaticRoleStore credentials)
      throws InterruptedException {
    var names = credential.deliveries().stream().map(Delivery::destination).distinct().toList();
    var unreadable = new HashSet<String>();
    if (!names.isEmpty()) {
      credentials
          .storage()
          .destinations()
          .each(
              names,
              found -> {
                if (found instanceof Found.Document(var name, var config)
                    && credentials
                        .destinations()
                        .kind(config.kind())
                        .filter(kind -> !kind.readsBack())
                        .isPresent()) {
                  unreadable.add(name);
                }
              });
    }
    return unreadable;
  }

  private static Map<String, Object> of(
      Delivery delivery,
      StaticCredential credential,
      Optional<RoleSnapshot> tracked,
      boolean unreadable) {
    var tried =
        tracked.map(RoleSnapshot::attempted).map(all -> all.get(Deliveries.place(delivery)));
    var data = new LinkedHashMap<String, Object>();
    data.put("destination", delivery.destination());
    data.put("name", delivery.entry());
    var state = state(delivery, credential, tried.isPresent());
    data.put("state", state);
    data.put("detail", unreadable && state.equals(CONFIRMED) ? NOT_READABLE : "");
    data.put("client_id", client(delivery, credential));
    data.put("version", delivery.version());
    data.put("former_versions", delivery.former().stream().map(Delivery.Former::version).toList());
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
      return CONFIRMED;
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
