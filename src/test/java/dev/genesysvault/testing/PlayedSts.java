package dev.genesysvault.testing;

import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.testing.PlayedAwsSecrets.RefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The sessions of a played STS: who may begin one, and until when it lasts. */
public final class PlayedSts {
  private final Time time;
  private final Map<String, Role> roles = new HashMap<>();
  private final Map<String, Session> sessions = new HashMap<>();
  private Duration life = Duration.ofHours(1);
  private int begun;

  PlayedSts(Time time) {
    this.time = time;
  }

  private record Role(String externalId, String identityToken) {}

  private record Session(String token, String caller, Deadline end) {}

  /**
   * Lets a role be assumed.
   *
   * @param externalId empty where it asks for none
   * @param identityToken of the web identity that may assume it; empty for none
   */
  public synchronized void trust(String arn, String externalId, String identityToken) {
    roles.put(arn, new Role(externalId, identityToken));
  }

  /** Gives further sessions a life. */
  public synchronized void lend(Duration newLife) {
    life = newLife;
  }

  /** Returns how many sessions it has begun. */
  public synchronized int begun() {
    return begun;
  }

  /** Ends every session. */
  public synchronized void revoke() {
    sessions.clear();
  }

  static Map<String, String> parameters(String form) {
    var parameters = new HashMap<String, String>();
    for (var pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  /** Returns whose keys these are; empty for nobody's. */
  synchronized Optional<String> session(String key, String token) throws RefusedException {
    var session = Optional.ofNullable(sessions.get(key)).filter(it -> it.token().equals(token));
    if (session.filter(it -> it.end().over()).isPresent()) {
      throw new RefusedException(
          "ExpiredTokenException", "The security token included in the request is expired");
    }
    return session.map(Session::caller);
  }

  synchronized String act(Map<String, String> asked, String caller) throws RefusedException {
    return switch (asked.getOrDefault("Action", "")) {
      case "GetCallerIdentity" ->
          """
          <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\
          <GetCallerIdentityResult><Arn>%s</Arn><UserId>U</UserId><Account>123456789012</Account>\
          </GetCallerIdentityResult></GetCallerIdentityResponse>\
          """
              .formatted(caller);
      case "AssumeRole" -> {
        var arn = asked.getOrDefault("RoleArn", "");
        var role = roles.get(arn);
        if (role == null || !role.externalId().equals(asked.getOrDefault("ExternalId", ""))) {
          throw new RefusedException(
              "AccessDenied",
              "User: %s is not authorized to perform: sts:AssumeRole on resource: %s"
                  .formatted(caller, arn));
        }
        yield begin("AssumeRole", asked);
      }
      default -> throw new RefusedException("InvalidAction", "");
    };
  }

  synchronized String identified(Map<String, String> asked) throws RefusedException {
    var role = roles.get(asked.getOrDefault("RoleArn", ""));
    if (role == null
        || role.identityToken().isEmpty()
        || !role.identityToken().equals(asked.get("WebIdentityToken"))) {
      throw new RefusedException(
          "InvalidIdentityToken", "The token is not taken: " + asked.get("WebIdentityToken"));
    }
    return begin("AssumeRoleWithWebIdentity", asked);
  }

  private String begin(String action, Map<String, String> asked) {
    var number = ++begun;
    var name = asked.getOrDefault("RoleArn", "");
    var caller =
        name.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")
            + "/"
            + asked.get("RoleSessionName");
    var session = new Session("session-token-" + number, caller, Deadline.in(life, time));
    sessions.put("ASIAPLAYED%010d".formatted(number), session);
    return """
    <%1$sResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><%1$sResult><Credentials>\
    <AccessKeyId>ASIAPLAYED%2$010d</AccessKeyId><SecretAccessKey>session-secret-%2$d</SecretAccessKey>\
    <SessionToken>session-token-%2$d</SessionToken><Expiration>%3$s</Expiration>\
    </Credentials></%1$sResult></%1$sResponse>\
    """
        .formatted(action, number, time.now().plus(life));
  }

  static String error(String code, String message) {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>request-0</RequestId></ErrorResponse>"
        .formatted(code, message);
  }
}
