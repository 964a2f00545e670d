package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.aws.AwsSettings.Role;
import dev.genesysvault.destination.aws.SessionKeys.Begun;
import dev.genesysvault.network.SmallFile;
import dev.genesysvault.resilience.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/** What is asked of STS. */
final class Sts {
  private static final String SESSION = "genesys-vault";
  private static final int LARGEST_TOKEN = 20 * 1024;
  private static final int SHORTEST_SECRET = 6;

  private static final Ask WHO =
      Ask.logIn(
          "GetCallerIdentity", "*", "STS does not take the request: check region and sts_endpoint");

  private final AwsClients clients;
  private final SdkCalls calls;
  private final Failures failures;

  Sts(AwsClients clients, Failures failures) {
    this.clients = clients;
    this.calls = new SdkCalls(failures);
    this.failures = failures;
  }

  private static final Caller.Known NOBODY = new Caller.Known("");

  /** Who asks. */
  sealed interface Caller {
    /** Somebody whom STS knows. */
    record Known(String arn) implements Caller {}

    /** Somebody of whom STS could not be asked: a network may lead to Secrets Manager alone. */
    record Unseen(String why) implements Caller {}
  }

  /** Returns who asks with these keys. */
  Caller caller(AwsCredentials keys, Deadline deadline)
      throws NotDoneException, InterruptedException {
    try (var sts = clients.sts(keys, deadline)) {
      var caller = calls.run(WHO, secrets(keys), () -> caller(sts));
      if (caller.equals(NOBODY)) {
        throw failures.unreadable(WHO);
      }
      return caller;
    }
  }

  private static Caller caller(StsClient sts) {
    try {
      return Optional.ofNullable(sts.getCallerIdentity(_ -> {}).arn())
          .map(Caller.Known::new)
          .orElse(NOBODY);
    } catch (SdkClientException e) {
      return Failures.unreached(e).<Caller>map(Caller.Unseen::new).orElseThrow(() -> e);
    }
  }

  /** Returns the texts of keys that are not to come back in a message. */
  static List<String> secrets(AwsCredentials keys) {
    return keys instanceof AwsSessionCredentials session
        ? List.of(session.secretAccessKey(), session.sessionToken())
        : List.of(keys.secretAccessKey());
  }

  /** Begins a session in a role. */
  Begun assumed(Role role, KeySource source, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var keys = source.present(deadline);
    var ask =
        Ask.logIn(
            "AssumeRole",
            role.arn(),
            "the role is not assumed: check role_arn, external_id and the role's trust policy");
    try (var sts = clients.sts(keys, deadline)) {
      var answer = calls.run(ask, secrets(keys), () -> assumed(sts, role, keys, source));
      return begun(ask, answer.credentials());
    }
  }

  private static AssumeRoleResponse assumed(
      StsClient sts, Role role, AwsCredentials keys, KeySource source) {
    try {
      return sts.assumeRole(it ->
          it.roleArn(role.arn())
              .roleSessionName(SESSION)
              .externalId(role.externalId().orElse(null)));
    } catch (AwsServiceException e) {
      if (Failures.refusesCaller(e)) {
        source.refused(keys);
      }
      throw e;
    }
  }

  /** What a process has that its platform vouches for. */
  record WebIdentity(String tokenFile, String roleArn, String sessionName) {
    /** Returns that of this process; empty where it has none. */
    static Optional<WebIdentity> found() {
      var file = SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE.getStringValue();
      var role = SdkSystemSetting.AWS_ROLE_ARN.getStringValue();
      var name = SdkSystemSetting.AWS_ROLE_SESSION_NAME.getStringValue().orElse(SESSION);
      return file.flatMap(path -> role.map(arn -> new WebIdentity(path, arn, name)));
    }
  }

  /** Begins a session in the role of a web identity. */
  Begun identified(WebIdentity identity, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var ask =
        Ask.logIn(
            "AssumeRoleWithWebIdentity",
            identity.roleArn(),
            "the token in AWS_WEB_IDENTITY_TOKEN_FILE is not taken: check the role that AWS_ROLE_ARN names, and its trust policy");
    var token = token(identity);
    try (var sts = clients.anonymousSts(deadline)) {
      var answer =
          calls.run(
              ask,
              token.length() < SHORTEST_SECRET ? List.of() : List.of(token),
              () ->
                  sts.assumeRoleWithWebIdentity(it ->
                      it.roleArn(identity.roleArn())
                          .roleSessionName(identity.sessionName())
                          .webIdentityToken(token)));
      return begun(ask, answer.credentials());
    }
  }

  /** It is read each time, since it is replaced before it ends. */
  private String token(WebIdentity identity) throws NotDoneException {
    try {
      var bytes = SmallFile.read(Path.of(identity.tokenFile()), LARGEST_TOKEN);
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw failures.ofLogIn(
          "AWS_WEB_IDENTITY_TOKEN_FILE of the sidecar's environment is \"%s\": %s"
              .formatted(identity.tokenFile(), e.getMessage()));
    }
  }

  private Begun begun(Ask ask, @Nullable Credentials found) throws NotDoneException {
    var keys = calls.must(ask, found);
    return new Begun(
        AwsSessionCredentials.create(
            calls.must(ask, keys.accessKeyId()),
            calls.must(ask, keys.secretAccessKey()),
            calls.must(ask, keys.sessionToken())),
        calls.must(ask, keys.expiration()));
  }
}
