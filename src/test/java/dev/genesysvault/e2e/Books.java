package dev.genesysvault.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.testing.SimulatorAdmin;
import dev.genesysvault.testing.SimulatorAdmin.LiveClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Vault, one mount and Genesys each say there is, and where they disagree. */
final class Books {
  private final VaultHttp http;
  private final SimulatorAdmin genesys;
  private final String mount;
  private final String mark;
  private final String journal;
  private final Set<LiveClient> strangers;

  /** Records that need no client. */
  private final Set<String> excused = new HashSet<>();

  /** Opens the books of a configured mount; the clients of others are to stay as they are now. */
  Books(Stack stack, String mount) throws IOException, InterruptedException {
    this(stack.http, stack.genesys, mount);
  }

  /** As the other one, asking this node. */
  Books(VaultHttp http, SimulatorAdmin genesys, String mount)
      throws IOException, InterruptedException {
    this.http = http;
    this.genesys = genesys;
    this.mount = mount;
    this.mark = http.data(mount + "/config").path("mount_id").asText();
    var uuid = http.data("sys/mounts/" + mount).path("uuid").asText();
    this.journal = "sys/raw/logical/%s/journal".formatted(uuid);
    this.strangers = strangers();
  }

  /**
   * What there is of one role.
   *
   * @param records states by key
   */
  record Holdings(List<String> leases, Map<String, String> records, List<LiveClient> clients) {
    boolean empty() {
      return leases.isEmpty() && records.isEmpty() && clients.isEmpty();
    }

    @Override
    public String toString() {
      if (empty()) {
        return "nothing";
      }
      return "%d leases, records %s, clients %s"
          .formatted(
              leases.size(), records.values(), clients.stream().map(LiveClient::state).toList());
    }
  }

  /** Returns what there is of a role; its name is in no other role's name. */
  Holdings of(String role) throws IOException, InterruptedException {
    var records = new HashMap<String, String>();
    records()
        .forEach((key, record) -> {
          if (names(record).anyMatch(name -> isOf(role, name))) {
            records.put(key, record.path("state").asText());
          }
        });
    var clients = ownClients().stream().filter(client -> isOf(role, client.name())).toList();
    return new Holdings(leases(role), records, clients);
  }

  /** Waits until they agree; returns in what they still do not once the time is over. */
  List<String> settled(Duration patience) throws Exception {
    var seen = new AtomicReference<List<String>>(List.of());
    try {
      Eventually.is(
          "the books agree",
          patience,
          () -> {
            seen.set(disagreements());
            return seen.get().isEmpty();
          });
    } catch (AssertionError e) {
      if (seen.get().isEmpty()) {
        throw e;
      }
    }
    return seen.get();
  }

  /** Returns one line for each client, record or lease that has no counterpart. */
  List<String> disagreements() throws IOException, InterruptedException {
    var problems = new ArrayList<String>();
    var records = records();
    var recordedNames = records.values().stream().flatMap(Books::names).collect(Collectors.toSet());
    var ours = ownClients();
    var steady = presentClients();
    for (var client : ours) {
      if (!steady.contains(client.id()) && !recordedNames.contains(client.name())) {
        problems.add("no record knows the client " + client.name());
      }
    }
    records.forEach((key, record) -> {
      if (!excused.contains(key) && !hasClient(record, ours)) {
        problems.add("record %s has no client: %s".formatted(key, record.path("state")));
      }
    });
    for (var folder : http.list("sys/leases/lookup/" + mount + "/creds")) {
      var role = folder.replaceAll("/$", "");
      long usable = of(role).clients().stream().filter(LiveClient::logsIn).count();
      int leases = leases(role).size();
      if (leases > usable) {
        problems.add("%s: %d leases, %d usable clients".formatted(role, leases, usable));
      }
    }
    if (!strangers().equals(strangers)) {
      problems.add("clients of others changed: %s became %s".formatted(strangers, strangers()));
    }
    if (!journal().isEmpty()) {
      problems.add("written down and not taken over: " + journal());
    }
    if (irrevocableLeases() > 0) {
      problems.add("%d leases are irrevocable".formatted(irrevocableLeases()));
    }
    return problems;
  }

  private static boolean hasClient(JsonNode record, List<LiveClient> ours) {
    return ours.stream().anyMatch(client -> names(record).anyMatch(client.name()::equals));
  }

  /** Returns the ids of issued clients that are not there, by the keys of their records. */
  Map<String, String> issuedWithoutClient() throws IOException, InterruptedException {
    var ours = ownClients();
    var found = new HashMap<String, String>();
    records()
        .forEach((key, record) -> {
          if (record.path("state").asText().equals("issued") && !hasClient(record, ours)) {
            found.put(key, record.path("client_id").asText());
          }
        });
    return found;
  }

  /** Expects no client of these records from now on. */
  void excuse(Set<String> keys) {
    excused.addAll(keys);
  }

  /** Returns, as Vault stores them, the revokes that were written down and not taken over yet. */
  List<String> journal() throws IOException, InterruptedException {
    var entries = new ArrayList<String>();
    for (var key : http.list(journal)) {
      var answer = http.get(journal + "/" + key);
      // It may be taken over between the list and the look.
      if (answer.status() != 404) {
        entries.add(answer.body().path("data").path("value").asText());
      }
    }
    return entries;
  }

  /** Returns how many leases Vault has given up, of all mounts. */
  int irrevocableLeases() throws IOException, InterruptedException {
    return http.data("sys/leases?type=irrevocable").path("lease_count").asInt();
  }

  /** Returns the ids of a role's leases; needs no sidecar. */
  List<String> leases(String role) throws IOException, InterruptedException {
    var path = mount + "/creds/" + role + "/";
    return http.list("sys/leases/lookup/" + path).stream().map(path::concat).toList();
  }

  private Map<String, JsonNode> records() throws IOException, InterruptedException {
    var records = new HashMap<String, JsonNode>();
    for (var key : http.list(mount + "/clients")) {
      var answer = http.get(mount + "/clients/" + key);
      // It may end between the list and the look.
      if (answer.status() != 404) {
        records.put(key, answer.body().path("data"));
      }
    }
    return records;
  }

  private static Stream<String> names(JsonNode record) {
    var names = new ArrayList<String>();
    record.path("names").forEach(name -> names.add(name.asText()));
    return names.stream();
  }

  private boolean isOf(String role, String name) {
    return name.contains("-" + role + "-" + mark + "-");
  }

  /** Returns the ids of the clients that static roles have, which are in no record. */
  private Set<String> presentClients() throws IOException, InterruptedException {
    var ids = new HashSet<String>();
    for (var role : http.list(mount + "/static-roles")) {
      var answer = http.get(mount + "/static-creds/" + role);
      ids.add(answer.body().path("data").path("client_id").asText());
    }
    return ids;
  }

  /** Returns the clients at Genesys that carry the mount's mark. */
  List<LiveClient> ownClients() throws IOException, InterruptedException {
    return genesys.clients().stream().filter(this::isOurs).toList();
  }

  private Set<LiveClient> strangers() throws IOException, InterruptedException {
    return genesys.clients().stream().filter(client -> !isOurs(client)).collect(Collectors.toSet());
  }

  private boolean isOurs(LiveClient client) {
    return client.name().contains("-" + mark + "-");
  }
}
