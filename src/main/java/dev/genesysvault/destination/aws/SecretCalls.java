package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.ValueJson;
import dev.genesysvault.resilience.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.DescribeSecretResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/** What is asked about one secret in one errand. */
final class SecretCalls implements AutoCloseable {
  /** The label of the version that readers get. */
  static final String CURRENT = "AWSCURRENT";

  /** The label of the one before, which AWS moves along. */
  static final String PREVIOUS = "AWSPREVIOUS";

  private static final long RECOVERY_DAYS = 30;

  private final Secrets secrets;
  private final SecretId id;
  private final AwsCredentials keys;
  private final List<String> sent;
  private final SecretsManagerClient client;
  private final SdkCalls calls;

  SecretCalls(
      Secrets secrets, SecretId id, AwsCredentials keys, List<String> sent, Deadline deadline) {
    this.secrets = secrets;
    this.id = id;
    this.keys = keys;
    this.sent = Stream.concat(sent.stream(), Sts.secrets(keys).stream()).toList();
    this.client = secrets.clients().secrets(keys, deadline);
    this.calls = new SdkCalls(secrets.failures());
  }

  /**
   * One version of a secret. Holds a secret.
   *
   * @param text empty where it holds bytes
   */
  record Held(String version, Optional<String> text) {
    boolean is(ValueJson value) {
      return text.filter(value::isSameAs).isPresent();
    }

    /** Names no text. */
    @Override
    public String toString() {
      return "Held[%s]".formatted(version);
    }
  }

  /**
   * A secret without its values.
   *
   * @param deleting whether it is scheduled for deletion
   * @param rotates whether Secrets Manager rotates it
   * @param owner the service of AWS that manages it; empty for none
   * @param primary the region that it is replicated from; empty where it is no replica
   * @param labels by version
   */
  record Described(
      boolean deleting,
      boolean rotates,
      String owner,
      String primary,
      Map<String, List<String>> labels) {
    /** Returns the version that has a label. */
    Optional<String> holder(String label) {
      return labels.entrySet().stream()
          .filter(it -> it.getValue().contains(label))
          .map(Map.Entry::getKey)
          .findFirst();
    }
  }

  /**
   * Returns the version that readers get; empty where there is none, for a reason that {@link
   * #described} tells.
   */
  Optional<Held> current() throws NotDoneException, InterruptedException {
    return held(it -> it.versionStage(CURRENT));
  }

  /** Returns one version; empty where it cannot be read (yet). */
  Optional<Held> version(String version) throws NotDoneException, InterruptedException {
    return held(it -> it.versionId(version));
  }

  private Optional<Held> held(
      Function<GetSecretValueRequest.Builder, GetSecretValueRequest.Builder> which)
      throws NotDoneException, InterruptedException {
    var ask = Ask.of("GetSecretValue", id, "it does not show the secret's value");
    var request = which.apply(GetSecretValueRequest.builder().secretId(id.text())).build();
    var answer = run(ask, () -> value(request));
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Held(
            calls.must(ask, answer.get().versionId()),
            Optional.ofNullable(answer.get().secretString())));
  }

  private Optional<GetSecretValueResponse> value(GetSecretValueRequest request) {
    try {
      return Optional.of(client.getSecretValue(request));
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    } catch (InvalidRequestException _) {
      // It is scheduled for deletion, most likely.
      return Optional.empty();
    }
  }

  /** Returns the secret without its values; empty where it is not there. */
  Optional<Described> described() throws NotDoneException, InterruptedException {
    var ask = Ask.of("DescribeSecret", id, "it does not show the secret");
    var answer = run(ask, this::description);
    if (answer.isEmpty()) {
      return Optional.empty();
    }
    calls.must(ask, answer.get().arn());
    return Optional.of(described(answer.get()));
  }

  private Optional<DescribeSecretResponse> description() {
    try {
      return Optional.of(client.describeSecret(it -> it.secretId(id.text())));
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }

  private Described described(DescribeSecretResponse answer) {
    return new Described(
        answer.deletedDate() != null,
        Boolean.TRUE.equals(answer.rotationEnabled()),
        orEmpty(answer.owningService()),
        Optional.ofNullable(answer.primaryRegion())
            .filter(it -> !it.equals(secrets.settings().region()))
            .orElse(""),
        answer.versionIdsToStages());
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Makes the secret, with its first version; safe to repeat with the same value. */
  void create(String version, ValueJson value, Creation creation)
      throws NotDoneException, InterruptedException {
    var ask =
        Ask.of(
            "CreateSecret",
            id,
            "it is not made: somebody else may have made it at the same moment, which is seen when it is tried again; check name, kms_key_id and tags");
    var tags =
        creation.tags().entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    run(
        ask,
        () ->
            client.createSecret(it -> {
              it.name(id.text()).clientRequestToken(version).secretString(value.text());
              creation.kmsKeyId().ifPresent(it::kmsKeyId);
              creation.description().ifPresent(it::description);
              if (!tags.isEmpty()) {
                it.tags(tags);
              }
            }));
  }

  /** Writes a version that readers do not get yet; safe to repeat with the same value. */
  void put(String version, String text, String label)
      throws NotDoneException, InterruptedException {
    var ask =
        Ask.of(
            "PutSecretValue",
            id,
            "it does not take the version: somebody else may write the secret, or manage it; AWS' words say which");
    run(
        ask,
        () ->
            client.putSecretValue(it ->
                it.secretId(id.text())
                    .clientRequestToken(version)
                    .secretString(text)
                    .versionStages(label)));
  }

  /**
   * Moves a label, if it still is where it was seen.
   *
   * @param to where to; empty for nowhere
   * @param from where it was seen; empty for nowhere
   */
  void move(String label, Optional<String> to, Optional<String> from)
      throws NotDoneException, InterruptedException {
    var ask =
        Ask.of(
            "UpdateSecretVersionStage",
            id,
            "somebody else moved %s at the same moment: tried again; give the secret to one writer alone"
                .formatted(label));
    run(
        ask,
        () ->
            client.updateSecretVersionStage(it -> {
              it.secretId(id.text()).versionStage(label);
              to.ifPresent(it::moveToVersionId);
              from.ifPresent(it::removeFromVersionId);
            }));
  }

  /** Takes back that it is scheduled for deletion. */
  void restore() throws NotDoneException, InterruptedException {
    var ask = Ask.of("RestoreSecret", id, "it is not restored: AWS' words say why");
    run(ask, () -> client.restoreSecret(it -> it.secretId(id.text())));
  }

  /** Schedules it for deletion; until then it can be restored. */
  void delete() throws NotDoneException, InterruptedException {
    var ask =
        Ask.of(
            "DeleteSecret",
            id,
            "it is not deleted: is it replicated to other regions, or managed by a service? AWS' words say so");
    run(
        ask,
        () ->
            client.deleteSecret(it -> it.secretId(id.text()).recoveryWindowInDays(RECOVERY_DAYS)));
  }

  private <T> T run(Ask ask, Supplier<T> call) throws NotDoneException, InterruptedException {
    return calls.run(
        ask,
        sent,
        () -> {
          try {
            return call.get();
          } catch (AwsServiceException e) {
            if (Failures.refusesCaller(e)) {
              secrets.refused(keys);
            }
            throw e;
          }
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
