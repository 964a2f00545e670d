package dev.genesysvault.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Another Vault with a KV engine and an AppRole, as destinations see it: versions, deletions,
 * check-and-set, tokens that end, policies with gaps, and faults on request. Answers are those of
 * the real ones. It keeps its own order of things: one seed, one story.
 */
public final class PlayedKv extends PlayedService<PlayedKv> {
  /** Where it is. */
  public static final String ADDRESS = "https://vault.example.com:8200";

  /** What logs in. */
  public static final String ROLE_ID = "role-1";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MOUNT = "secret";

  private final Time time;
  private final PlayedKvEngine engine = new PlayedKvEngine();
  private final Map<String, Token> tokens = new HashMap<>();
  private final Set<String> denied = new HashSet<>();
  private String secretId = "secret-id-1";
  private String namespace = "";
  private Duration lease = Duration.ofHours(1);
  private Duration longestLife = Duration.ofDays(30);
  private boolean renewable = true;
  private boolean sealed;
  private boolean version2 = true;
  private int logIns;
  private int renewals;

  /** Makes one, unsealed and with nothing in its engine. */
  public PlayedKv(Time time) {
    this.time = time;
  }

  private record Token(Deadline end, Deadline most) {}

  /** Returns the settings by which a destination finds it, and may be given more. */
  public synchronized Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("address", ADDRESS);
    settings.put("role_id", ROLE_ID);
    settings.put("secret_id", secretId);
    if (!namespace.isEmpty()) {
      settings.put("namespace", namespace);
    }
    return settings;
  }

  /** Answers the next request of that kind without acting. */
  public PlayedKv answer(String what, int status, String body, String... headers) {
    return once(what, _ -> reply(status, body, headers));
  }

  /** Returns a reply with these headers, given as names and values in turn. */
  public static Reply reply(int status, String body, String... headers) {
    var map = new HashMap<String, String>();
    map.put("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return new Reply(status, map, body.getBytes(StandardCharsets.UTF_8));
  }

  private static Reply error(int status, String error) {
    return reply(status, object().set("errors", MAPPER.createArrayNode().add(error)).toString());
  }

  private static Reply data(JsonNode data) {
    return reply(200, object().put("request_id", "req-1").set("data", data).toString());
  }

  private static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Seals or unseals it. */
  public synchronized void seal(boolean now) {
    sealed = now;
  }

  /** Puts everything into a namespace. */
  public synchronized void moveTo(String newNamespace) {
    namespace = newNamespace;
  }

  /** Has the engine be one of version 1, or of 2 again. */
  public synchronized void beVersion2(boolean now) {
    version2 = now;
  }

  /** Gives further tokens a lease, which renewals begin anew until a token has lived this long. */
  public synchronized void lend(Duration newLease, Duration mostLife, boolean renewed) {
    lease = newLease;
    longestLife = mostLife;
    renewable = renewed;
  }

  /** Ends every token. */
  public synchronized void revokeTokens() {
    tokens.clear();
  }

  /** Makes a token that somebody brings along. */
  public synchronized String token(String text) {
    keep(text);
    return text;
  }

  /** Takes another secret id from now on. */
  public synchronized void takeSecretId(String another) {
    secretId = another;
  }

  /** Leaves something out of every policy, such as {@code update} of {@code secret/data/x}. */
  public synchronized void deny(String path, String capability) {
    denied.add(capability + " " + path);
  }

  /** Puts it back in. */
  public synchronized void allow(String path, String capability) {
    denied.remove(capability + " " + path);
  }

  /** Returns its engine, for whoever writes there beside the destination. */
  public PlayedKvEngine engine() {
    return engine;
  }

  /** Returns how many log-ins it granted. */
  public synchronized int logIns() {
    return logIns;
  }

  /** Returns how many renewals it granted. */
  public synchronized int renewals() {
    return renewals;
  }

  /** Returns methods and paths of every request so far but log-ins, in order. */
  public List<String> asked() {
    return requests().stream().map(PlayedKv::what).filter(it -> !it.contains("auth/")).toList();
  }

  private static String what(Request request) {
    var query = request.uri().getQuery();
    return "%s %s%s".formatted(request.method(), path(request), query == null ? "" : "?" + query);
  }

  private static String path(Request request) {
    return request.uri().getPath().substring("/v1/".length());
  }

  @Override
  PlayedKv self() {
    return this;
  }

  @Override
  String kindOf(Request request) {
    return what(request);
  }

  @Override
  synchronized Reply act(Request request) {
    if (sealed) {
      return error(503, "Vault is sealed");
    }
    if (!request.headers().getOrDefault("X-Vault-Namespace", "").equals(namespace)) {
      return error(404, "namespace not found");
    }
    var body = body(request);
    if (path(request).equals("auth/approle/login")) {
      return logIn(body);
    }
    var text = request.headers().getOrDefault("X-Vault-Token", "");
    var token = tokens.get(text);
    if (token == null || token.end().over()) {
      return error(403, "permission denied");
    }
    return permitted(request, body, text, token);
  }

  private Reply permitted(Request request, JsonNode body, String text, Token token) {
    var path = path(request);
    if (path.equals("auth/token/renew-self")) {
      return renew(text, token);
    }
    if (path.equals("auth/token/lookup-self")) {
      return data(object());
    }
    if (path.equals("sys/capabilities-self")) {
      return denied.contains("update " + path)
          ? error(403, "permission denied")
          : capabilities(body);
    }
    if (path.startsWith("sys/internal/ui/mounts/")) {
      return mount(path);
    }
    if (!path.startsWith(MOUNT + "/")) {
      return error(404, "no handler for route \"%s\". route entry not found.".formatted(path));
    }
    var inside = path.substring(MOUNT.length() + 1);
    var entry = inside.substring(inside.indexOf('/') + 1);
    if (denied.contains(capability(request, inside, entry) + " " + path)) {
      return error(403, "1 error occurred:\n\t* permission denied\n\n");
    }
    if (!version2) {
      return request.method().equals("GET") ? reply(404, "{\"errors\":[]}") : reply(204, "");
    }
    return switch (request.method() + " " + inside.substring(0, inside.indexOf('/'))) {
      case "GET data" -> read(entry, request);
      case "POST data" -> write(entry, body);
      case "GET metadata" ->
          engine.metadata(entry).map(PlayedKv::data).orElseGet(() -> reply(404, "{\"errors\":[]}"));
      case "POST delete" -> {
        body.path("versions").forEach(number -> engine.delete(entry, number.asLong()));
        yield reply(204, "");
      }
      default -> error(405, "unsupported operation");
    };
  }

  private String capability(Request request, String inside, String entry) {
    if (request.method().equals("GET")) {
      return "read";
    }
    return inside.startsWith("data/") && engine.held(entry).isEmpty() ? "create" : "update";
  }

  private Reply logIn(JsonNode body) {
    if (!body.path("role_id").asText().equals(ROLE_ID)
        || !body.path("secret_id").asText().equals(secretId)) {
      return error(400, "invalid role or secret ID");
    }
    var text = "token-" + ++logIns;
    keep(text);
    return auth(text, lease);
  }

  private void keep(String text) {
    tokens.put(text, new Token(Deadline.in(lease, time), Deadline.in(longestLife, time)));
  }

  private Reply renew(String text, Token token) {
    if (!renewable) {
      return error(400, "lease is not renewable");
    }
    renewals++;
    var left = token.most().left();
    var renewed = left.compareTo(lease) < 0 ? left : lease;
    tokens.put(text, new Token(Deadline.in(renewed, time), token.most()));
    return auth(text, renewed);
  }

  private Reply auth(String text, Duration left) {
    var auth =
        object()
            .put("client_token", text)
            .put("lease_duration", left.toSeconds())
            .put("renewable", renewable);
    return reply(200, object().put("request_id", "req-1").set("auth", auth).toString());
  }

  private Reply capabilities(JsonNode body) {
    var data = object();
    for (var path : body.path("paths")) {
      var left = data.putArray(path.asText());
      for (var each : List.of("create", "read", "update")) {
        if (!denied.contains(each + " " + path.asText())) {
          left.add(each);
        }
      }
    }
    return data(data);
  }

  private Reply mount(String path) {
    if (denied.contains("read " + path) || !path.endsWith("/" + MOUNT)) {
      return error(
          403,
          "preflight capability check returned 403, please ensure client's policies grant access to path \"secret/\"");
    }
    var data = object().put("type", "kv").put("path", MOUNT + "/");
    data.set("options", version2 ? object().put("version", "2") : object());
    return data(data);
  }

  private Reply read(String entry, Request request) {
    var query = Optional.ofNullable(request.uri().getQuery()).orElse("version=0");
    long number = Long.parseLong(query.substring("version=".length()));
    var found = engine.read(entry, number);
    if (found.isEmpty()) {
      return reply(404, "{\"errors\":[]}");
    }
    var reply = data(found.get());
    return found.get().path("data").isNull() ? new Reply(404, Map.of(), reply.body()) : reply;
  }

  private Reply write(String entry, JsonNode body) {
    if (engine.latest(entry) != body.path("options").path("cas").asLong(-1)) {
      return error(400, "check-and-set parameter did not match the current version");
    }
    return data(object().put("version", engine.write(entry, body.path("data"))));
  }

  private static JsonNode body(Request request) {
    try {
      return request.body().length == 0 ? object() : MAPPER.readTree(request.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
