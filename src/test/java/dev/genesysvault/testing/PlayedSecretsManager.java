package dev.genesysvault.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.testing.PlayedAwsSecrets.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * AWS Secrets Manager and STS, as destinations see them: secrets with versions and staging labels,
 * access keys, roles, policies with gaps, and faults on request. Answers are as AWS documents them.
 * It keeps its own order of things: one seed, one story.
 */
public final class PlayedSecretsManager extends PlayedService<PlayedSecretsManager> {
  /** Where Secrets Manager is. */
  public static final String ENDPOINT = "https://secretsmanager.example.com";

  /** Where STS is. */
  public static final String STS_ENDPOINT = "https://sts.eu-central-1.amazonaws.com";

  /** Where all secrets are. */
  public static final String REGION = "eu-central-1";

  /** What logs in. */
  public static final String ACCESS_KEY_ID = "AKIAPLAYED0000000001";

  /** Belongs to it. */
  public static final String SECRET_ACCESS_KEY = "secret-access-key-1";

  /** Whom it belongs to. */
  public static final String USER = "arn:aws:iam::123456789012:user/genesys";

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration WRONG = Duration.ofMinutes(5);
  private static final DateTimeFormatter SIGNED =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");

  private final Time time;
  private final PlayedAwsSecrets secrets = new PlayedAwsSecrets();
  private final PlayedSts sts;
  private final Map<String, String> denied = new HashMap<>();
  private final Set<String> unknownKeys = new HashSet<>();
  private Duration ahead = Duration.ZERO;
  private int answers;

  /** Makes one that has no secrets. */
  public PlayedSecretsManager(Time time) {
    this.time = time;
    this.sts = new PlayedSts(time);
  }

  /** Returns the settings by which a destination finds it, and may be given more. */
  public Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("region", REGION);
    settings.put("endpoint", ENDPOINT);
    settings.put("sts_endpoint", STS_ENDPOINT);
    settings.put("access_key_id", ACCESS_KEY_ID);
    settings.put("secret_access_key", SECRET_ACCESS_KEY);
    return settings;
  }

  /** Answers the next request of that kind without acting. */
  public PlayedSecretsManager answer(String what, int status, String body, String... headers) {
    return once(what, _ -> reply(status, body, headers));
  }

  /** Refuses the next request of that kind. */
  public PlayedSecretsManager refuse(String what, int status, String code, String message) {
    return once(what, _ -> error(status, code, message));
  }

  /** Leaves an action out of every policy, such as {@code PutSecretValue}. */
  public synchronized void deny(String action) {
    denied.put(
        action,
        "because no identity-based policy allows the secretsmanager:%s action".formatted(action));
  }

  /** Puts it back in. */
  public synchronized void allow(String action) {
    denied.remove(action);
  }

  /** Does not know an access key any more. */
  public synchronized void disown(String accessKeyId) {
    unknownKeys.add(accessKeyId);
  }

  /** Has its clock be ahead of everybody else's. */
  public synchronized void setAhead(Duration by) {
    ahead = by;
  }

  /** Returns its secrets, for whoever writes there beside the destination. */
  public PlayedAwsSecrets secrets() {
    return secrets;
  }

  /** Returns its STS. */
  public PlayedSts sts() {
    return sts;
  }

  /** Returns the actions of every request so far, in order. */
  public List<String> asked() {
    return requests().stream().map(PlayedSecretsManager::action).toList();
  }

  private static String action(Request request) {
    var target = header(request, "X-Amz-Target");
    return target.isEmpty()
        ? PlayedSts.parameters(text(request)).getOrDefault("Action", "")
        : target.substring(target.indexOf('.') + 1);
  }

  private static String what(Request request) {
    var action = action(request);
    if (header(request, "X-Amz-Target").isEmpty()) {
      return action;
    }
    var body = body(request);
    return "%s %s".formatted(action, body.path("SecretId").asText(body.path("Name").asText()));
  }

  private static String text(Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static String header(Request request, String name) {
    return request.headers().entrySet().stream()
        .filter(it -> it.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  @Override
  PlayedSecretsManager self() {
    return this;
  }

  @Override
  String kindOf(Request request) {
    return what(request);
  }

  @Override
  synchronized Reply act(Request request) {
    boolean ofSts = request.uri().getHost().equals("sts.eu-central-1.amazonaws.com");
    try {
      if (ofSts && action(request).equals("AssumeRoleWithWebIdentity")) {
        return xml(200, sts.identified(PlayedSts.parameters(text(request))));
      }
      var caller = caller(request);
      if (ofSts) {
        return xml(200, sts.act(PlayedSts.parameters(text(request)), caller));
      }
      var action = action(request);
      var body = body(request);
      if (denied.containsKey(action)) {
        throw new RefusedException(
            "AccessDeniedException",
            "User: %s is not authorized to perform: secretsmanager:%s on resource: %s %s"
                .formatted(caller, action, body.path("SecretId").asText(), denied.get(action)));
      }
      return reply(200, secret(action, body).toString());
    } catch (RefusedException e) {
      return ofSts
          ? xml(403, PlayedSts.error(e.code(), String.valueOf(e.getMessage())))
          : error(400, e.code(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns the ARN of whoever signed. */
  private String caller(Request request) throws RefusedException {
    var authorization = header(request, "Authorization");
    int begin = authorization.indexOf("Credential=");
    if (begin < 0) {
      throw new RefusedException(
          "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    var credential = authorization.substring(begin + "Credential=".length());
    var key = credential.substring(0, credential.indexOf('/'));
    var signed =
        LocalDateTime.parse(header(request, "X-Amz-Date"), SIGNED).toInstant(ZoneOffset.UTC);
    var now = time.now().plus(ahead);
    if (Duration.between(signed, now).abs().compareTo(WRONG) > 0) {
      throw new RefusedException(
          "InvalidSignatureException",
          "Signature expired: %s is now earlier than %s".formatted(signed, now));
    }
    if (key.equals(ACCESS_KEY_ID) && !unknownKeys.contains(key)) {
      return USER;
    }
    var session =
        unknownKeys.contains(key)
            ? Optional.<String>empty()
            : sts.session(key, header(request, "X-Amz-Security-Token"));
    return session.orElseThrow(() ->
        new RefusedException(
            "UnrecognizedClientException",
            "The security token included in the request is invalid."));
  }

  private ObjectNode secret(String action, JsonNode body) throws RefusedException {
    var id = body.path("SecretId").asText();
    var token = body.path("ClientRequestToken").asText();
    var text = body.path("SecretString").asText();
    return switch (action) {
      case "GetSecretValue" ->
          secrets.value(
              id, optional(body, "VersionId"), body.path("VersionStage").asText("AWSCURRENT"));
      case "DescribeSecret" -> secrets.description(id);
      case "CreateSecret" -> {
        var more = MAPPER.createObjectNode();
        for (var member : List.of("KmsKeyId", "Description", "Tags")) {
          if (body.has(member)) {
            more.set(member, body.get(member));
          }
        }
        yield secrets.make(body.path("Name").asText(), token, text, more);
      }
      case "PutSecretValue" -> {
        var labels = new ArrayList<String>();
        body.path("VersionStages").forEach(label -> labels.add(label.asText()));
        yield secrets.put(id, token, text, labels);
      }
      case "UpdateSecretVersionStage" ->
          secrets.move(
              id,
              body.path("VersionStage").asText(),
              optional(body, "MoveToVersionId"),
              optional(body, "RemoveFromVersionId"));
      case "DeleteSecret" -> {
        if (body.path("RecoveryWindowInDays").asInt() < 7) {
          throw new RefusedException("InvalidParameterException", "The window is too short.");
        }
        yield secrets.delete(id);
      }
      case "RestoreSecret" -> secrets.restore(id);
      default -> throw new RefusedException("UnknownOperationException", "");
    };
  }

  private static Optional<String> optional(JsonNode body, String member) {
    return body.has(member) ? Optional.of(body.get(member).asText()) : Optional.empty();
  }

  /** Returns a refusal as AWS makes them. */
  public Reply error(int status, String code, String message) {
    var body = MAPPER.createObjectNode().put("__type", code).put("Message", message);
    return reply(status, body.toString());
  }

  private Reply xml(int status, String body) {
    return reply(status, body, "Content-Type", "text/xml");
  }

  /** Returns a reply with these headers, given as names and values in turn. */
  private synchronized Reply reply(int status, String body, String... headers) {
    var map = new HashMap<String, String>();
    map.put("Content-Type", "application/x-amz-json-1.1");
    map.put("x-amzn-RequestId", "request-" + ++answers);
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return new Reply(status, map, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the client that a secret's text names. */
  public static String clientOf(String text) {
    return parsed(text.getBytes(StandardCharsets.UTF_8)).path("client_id").asText();
  }

  private static JsonNode body(Request request) {
    return parsed(request.body());
  }

  private static JsonNode parsed(byte[] text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
