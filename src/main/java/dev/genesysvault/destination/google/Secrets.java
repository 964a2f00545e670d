package dev.genesysvault.destination.google;

import com.google.cloud.secretmanager.v1.AccessSecretVersionRequest;
import com.google.cloud.secretmanager.v1.AccessSecretVersionResponse;
import com.google.cloud.secretmanager.v1.AddSecretVersionRequest;
import com.google.cloud.secretmanager.v1.CreateSecretRequest;
import com.google.cloud.secretmanager.v1.DestroySecretVersionRequest;
import com.google.cloud.secretmanager.v1.DisableSecretVersionRequest;
import com.google.cloud.secretmanager.v1.GetSecretRequest;
import com.google.cloud.secretmanager.v1.GetSecretVersionRequest;
import com.google.cloud.secretmanager.v1.ListSecretVersionsRequest;
import com.google.cloud.secretmanager.v1.ListSecretVersionsResponse;
import com.google.cloud.secretmanager.v1.Replication;
import com.google.cloud.secretmanager.v1.Secret;
import com.google.cloud.secretmanager.v1.SecretManagerServiceClient;
import com.google.cloud.secretmanager.v1.SecretPayload;
import com.google.cloud.secretmanager.v1.SecretVersion;
import com.google.cloud.secretmanager.v1.UpdateSecretRequest;
import com.google.iam.v1.TestIamPermissionsRequest;
import com.google.iam.v1.TestIamPermissionsResponse;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.ValueJson;
import dev.genesysvault.destination.google.GcpSettings.NewSecret;
import dev.genesysvault.destination.google.SecretApi.Call;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.CRC32C;

/** What is asked of one destination's secrets and their versions, each with one call. */
final class Secrets {
  private final SecretApi api;
  private final GcpSettings settings;

  Secrets(SecretApi api, GcpSettings settings) {
    this.api = api;
    this.settings = settings;
  }

  /**
   * What a version holds, which is a secret.
   *
   * @param whole whether it came as it was kept, by Google's checksum
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes these.
  record Held(long number, byte[] bytes, boolean whole) {
    /** Names the version alone. */
    @Override
    public String toString() {
      return "Held[%d]".formatted(number);
    }
  }

  /** A version without what it holds. */
  record Version(long number, boolean enabled, String etag) {}

  /**
   * A part of a secret's versions, newest first.
   *
   * @param next where the next part begins; empty where there is none
   */
  record Page(List<Version> versions, String next) {}

  /** Returns who says what is wrong. */
  Failures failures() {
    return api.failures();
  }

  /**
   * Reads what a version holds.
   *
   * @param name its number, an alias, or {@code latest}
   */
  Reply<Held> access(String entry, String name, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var version = version(entry, name);
    var call =
        new Call<>(
            Ask.ACCESS,
            version,
            SecretManagerServiceClient::accessSecretVersionCallable,
            AccessSecretVersionRequest.newBuilder().setName(version).build());
    return map(api.ask(call, deadline), Secrets::held);
  }

  private static Held held(AccessSecretVersionResponse response) {
    var payload = response.getPayload();
    var bytes = payload.getData().toByteArray();
    boolean whole = !payload.hasDataCrc32C() || payload.getDataCrc32C() == crc32c(bytes);
    return new Held(number(response.getName()), bytes, whole);
  }

  /** Adds a version; Google refuses what does not have the checksum that goes with it. */
  Reply<SecretVersion> add(String entry, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var bytes = payload.bytes();
    var request =
        AddSecretVersionRequest.newBuilder()
            .setParent(settings.secret(entry))
            .setPayload(
                SecretPayload.newBuilder()
                    .setData(ByteString.copyFrom(bytes))
                    .setDataCrc32C(crc32c(bytes)))
            .build();
    return api.ask(
        new Call<>(
            Ask.ADD,
            settings.secret(entry),
            SecretManagerServiceClient::addSecretVersionCallable,
            request,
            payload.secrets()),
        deadline);
  }

  /**
   * Lists versions, newest first.
   *
   * @param filter empty for all of them
   * @param token empty for the newest ones
   */
  Reply<Page> list(String entry, String filter, int most, String token, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var request =
        ListSecretVersionsRequest.newBuilder()
            .setParent(settings.secret(entry))
            .setFilter(filter)
            .setPageSize(most)
            .setPageToken(token)
            .build();
    var call =
        new Call<>(
            Ask.LIST,
            settings.secret(entry),
            SecretManagerServiceClient::listSecretVersionsCallable,
            request);
    return map(api.ask(call, deadline), Secrets::page);
  }

  private static Page page(ListSecretVersionsResponse response) {
    return new Page(
        response.getVersionsList().stream().map(Secrets::version).toList(),
        response.getNextPageToken());
  }

  /** Returns a version without what it holds. */
  Reply<Version> version(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    return version(version(entry, String.valueOf(number)), deadline);
  }

  /**
   * Returns a version without what it holds.
   *
   * @param name as {@link #access} takes it
   */
  Reply<Version> named(String entry, String name, Deadline deadline)
      throws NotDoneException, InterruptedException {
    return version(version(entry, name), deadline);
  }

  private Reply<Version> version(String version, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var call =
        new Call<>(
            Ask.VERSION,
            version,
            SecretManagerServiceClient::getSecretVersionCallable,
            GetSecretVersionRequest.newBuilder().setName(version).build());
    return map(api.ask(call, deadline), Secrets::version);
  }

  /** Disables a version, or destroys it, as the destination wants it; if it is as it was seen. */
  Reply<SecretVersion> end(String entry, Version seen, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var version = version(entry, String.valueOf(seen.number()));
    if (settings.destroyFormer()) {
      return api.ask(
          new Call<>(
              Ask.DESTROY,
              version,
              SecretManagerServiceClient::destroySecretVersionCallable,
              DestroySecretVersionRequest.newBuilder()
                  .setName(version)
                  .setEtag(seen.etag())
                  .build()),
          deadline);
    }
    return api.ask(
        new Call<>(
            Ask.DISABLE,
            version,
            SecretManagerServiceClient::disableSecretVersionCallable,
            DisableSecretVersionRequest.newBuilder().setName(version).setEtag(seen.etag()).build()),
        deadline);
  }

  /** Returns a secret without its versions. */
  Reply<Secret> secret(String entry, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var name = settings.secret(entry);
    return api.ask(
        new Call<>(
            Ask.SECRET,
            name,
            SecretManagerServiceClient::getSecretCallable,
            GetSecretRequest.newBuilder().setName(name).build()),
        deadline);
  }

  /** Makes a secret without versions. */
  Reply<Secret> create(String entry, NewSecret wanted, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var secret = Secret.newBuilder().putAllLabels(wanted.labels());
    // Where regional secrets lie is said by their names.
    if (settings.location().isEmpty()) {
      secret.setReplication(replication(wanted.replicas()));
    }
    return api.ask(
        new Call<>(
            Ask.CREATE,
            settings.secret(entry),
            SecretManagerServiceClient::createSecretCallable,
            CreateSecretRequest.newBuilder()
                .setParent(settings.parent())
                .setSecretId(entry)
                .setSecret(secret)
                .build()),
        deadline);
  }

  private static Replication replication(List<String> locations) {
    if (locations.isEmpty()) {
      return Replication.newBuilder()
          .setAutomatic(Replication.Automatic.getDefaultInstance())
          .build();
    }
    var managed = Replication.UserManaged.newBuilder();
    for (var each : locations) {
      managed.addReplicas(Replication.UserManaged.Replica.newBuilder().setLocation(each));
    }
    return Replication.newBuilder().setUserManaged(managed).build();
  }

  /**
   * Has a secret's aliases be these, if it is as it was seen.
   *
   * @param seen as it was read
   */
  Reply<Secret> alias(String entry, Secret seen, Map<String, Long> aliases, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var request =
        UpdateSecretRequest.newBuilder()
            .setSecret(
                Secret.newBuilder()
                    .setName(settings.secret(entry))
                    .setEtag(seen.getEtag())
                    .putAllVersionAliases(aliases))
            .setUpdateMask(FieldMask.newBuilder().addPaths("version_aliases"))
            .build();
    return api.ask(
        new Call<>(
            Ask.UPDATE,
            settings.secret(entry),
            SecretManagerServiceClient::updateSecretCallable,
            request),
        deadline);
  }

  /** Returns those of the permissions that are granted on a secret; none where there is none. */
  Reply<Set<String>> granted(String entry, List<String> permissions, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var name = settings.secret(entry);
    var call =
        new Call<>(
            Ask.PERMISSIONS,
            name,
            SecretManagerServiceClient::testIamPermissionsCallable,
            TestIamPermissionsRequest.newBuilder()
                .setResource(name)
                .addAllPermissions(permissions)
                .build());
    return map(api.ask(call, deadline), Secrets::granted);
  }

  private static Set<String> granted(TestIamPermissionsResponse response) {
    return Set.copyOf(response.getPermissionsList());
  }

  private static Version version(SecretVersion version) {
    return new Version(
        number(version.getName()),
        version.getState() == SecretVersion.State.ENABLED,
        version.getEtag());
  }

  private String version(String entry, String name) {
    return "%s/versions/%s".formatted(settings.secret(entry), name);
  }

  /** Returns the number at the end of a version's name; 0 where there is none. */
  static long number(String name) {
    var text = name.substring(name.lastIndexOf('/') + 1);
    return Texts.consistsOf(text, 1, 18, Texts::isDigit) ? Long.parseLong(text) : 0;
  }

  private static <A, B> Reply<B> map(Reply<A> reply, Function<A, B> read) {
    return switch (reply) {
      case Reply.Ok<A>(var value) -> new Reply.Ok<>(read.apply(value));
      case Reply.Refused<A>(var code, var failure) -> new Reply.Refused<>(code, failure);
    };
  }

  /** Returns the checksum that Google keeps beside a payload. */
  private static long crc32c(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes);
    return crc.getValue();
  }
}
