package dev.genesysvault.testing;

import com.google.cloud.secretmanager.v1.Replication;
import com.google.cloud.secretmanager.v1.Secret;
import com.google.cloud.secretmanager.v1.SecretPayload;
import com.google.cloud.secretmanager.v1.SecretVersion;
import com.google.cloud.secretmanager.v1.SecretVersion.State;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a {@link PlayedSecretManager} keeps: secrets, their versions, etags and aliases, by Google's
 * documented rules. For many tasks.
 */
public final class PlayedGoogleSecrets {
  private final Map<String, Kept> secrets = new TreeMap<>();
  private long etags;
  private boolean lagging;

  private static final class Kept {
    private Secret secret;
    private final List<SecretVersion> versions = new ArrayList<>();
    private final List<SecretPayload> payloads = new ArrayList<>();

    /** How many versions lists and {@code latest} show. */
    private int shown;

    private Kept(Secret secret) {
      this.secret = secret;
    }
  }

  /**
   * Has lists and {@code latest} stay as they are, whatever is added, as Google may for a while.
   */
  public synchronized void lag(boolean lags) {
    lagging = lags;
    secrets.values().forEach(kept -> kept.shown = kept.versions.size());
  }

  /** Makes a secret, as somebody else would. */
  public synchronized void make(String name) {
    create(name, Secret.newBuilder().setReplication(automatic()).build());
  }

  private static Replication automatic() {
    return Replication.newBuilder()
        .setAutomatic(Replication.Automatic.getDefaultInstance())
        .build();
  }

  /** Deletes a secret with all that is in it, as somebody else would. */
  public synchronized void delete(String name) {
    secrets.remove(name);
  }

  synchronized Secret create(String name, Secret wanted) {
    if (secrets.containsKey(name)) {
      throw Status.ALREADY_EXISTS
          .withDescription("Secret [%s] already exists.".formatted(name))
          .asRuntimeException();
    }
    boolean regional = name.contains("/locations/");
    if (regional == wanted.hasReplication()) {
      throw Status.INVALID_ARGUMENT
          .withDescription("Invalid argument: replication.")
          .asRuntimeException();
    }
    var secret = wanted.toBuilder().setName(name).setEtag(etag()).build();
    secrets.put(name, new Kept(secret));
    return secret;
  }

  /** Returns a secret, which there is. */
  public synchronized Secret secret(String name) {
    return kept(name).secret;
  }

  /** Whether there is one. */
  public synchronized boolean exists(String name) {
    return secrets.containsKey(name);
  }

  synchronized Secret update(Secret wanted, List<String> paths) {
    var kept = kept(wanted.getName());
    matches(wanted.getEtag(), kept.secret.getEtag());
    if (!paths.equals(List.of("version_aliases"))) {
      throw Status.INVALID_ARGUMENT.withDescription("update_mask").asRuntimeException();
    }
    wanted
        .getVersionAliasesMap()
        .values()
        .forEach(number -> version(wanted.getName(), String.valueOf(number)));
    kept.secret =
        kept.secret.toBuilder()
            .clearVersionAliases()
            .putAllVersionAliases(wanted.getVersionAliasesMap())
            .setEtag(etag())
            .build();
    return kept.secret;
  }

  /** Has an alias name a version, as somebody else would. */
  public synchronized void alias(String name, String alias, long number) {
    var kept = kept(name);
    kept.secret = kept.secret.toBuilder().putVersionAliases(alias, number).setEtag(etag()).build();
  }

  /** Adds a version, as somebody else would. */
  public synchronized long add(String name, String text) {
    var version = add(name, SecretPayload.newBuilder().setData(ByteString.copyFromUtf8(text)));
    return number(version.getName());
  }

  synchronized SecretVersion add(String name, SecretPayload.Builder payload) {
    var kept = kept(name);
    var data = payload.getData();
    long crc = crc(data);
    if (payload.hasDataCrc32C() && payload.getDataCrc32C() != crc) {
      throw Status.INVALID_ARGUMENT.withDescription("checksum").asRuntimeException();
    }
    var version =
        SecretVersion.newBuilder()
            .setName("%s/versions/%d".formatted(name, kept.versions.size() + 1))
            .setState(State.ENABLED)
            .setEtag(etag())
            .setClientSpecifiedPayloadChecksum(payload.hasDataCrc32C())
            .build();
    kept.versions.add(version);
    kept.payloads.add(payload.setDataCrc32C(crc).build());
    if (!lagging) {
      kept.shown = kept.versions.size();
    }
    return version;
  }

  private static long crc(ByteString data) {
    var crc = new CRC32C();
    crc.update(data.toByteArray());
    return crc.getValue();
  }

  /** Returns a version by its number, an alias, or {@code latest}. */
  synchronized SecretVersion version(String name, String word) {
    var kept = kept(name);
    long number =
        word.equals("latest")
            ? kept.shown
            : Optional.ofNullable(kept.secret.getVersionAliasesMap().get(word))
                .orElseGet(() -> number("/" + word));
    if (number < 1 || number > kept.versions.size()) {
      throw Status.NOT_FOUND
          .withDescription("Secret Version [%s/versions/%s] not found.".formatted(name, word))
          .asRuntimeException();
    }
    return kept.versions.get((int) number - 1);
  }

  synchronized SecretPayload payload(SecretVersion version) {
    if (version.getState() != State.ENABLED) {
      throw Status.FAILED_PRECONDITION
          .withDescription(
              "Secret Version [%s] is in %s state."
                  .formatted(version.getName(), version.getState()))
          .asRuntimeException();
    }
    var name = secretOf(version.getName());
    return kept(name).payloads.get((int) number(version.getName()) - 1);
  }

  /** Returns versions, newest first. */
  synchronized List<SecretVersion> list(String name, String filter) {
    var kept = kept(name);
    return kept.versions.subList(0, kept.shown).reversed().stream()
        .filter(it -> filter.isEmpty() || filter.equals("state:" + it.getState()))
        .toList();
  }

  /** Changes a version's state; a wrong etag is refused, an empty one is none. */
  synchronized SecretVersion change(String version, State state, String etag) {
    var name = secretOf(version);
    var now = version(name, version.substring(version.lastIndexOf('/') + 1));
    matches(etag, now.getEtag());
    if (now.getState() == State.DESTROYED) {
      throw Status.FAILED_PRECONDITION.withDescription("It is destroyed.").asRuntimeException();
    }
    var changed = now.toBuilder().setState(state).setEtag(etag()).build();
    kept(name).versions.set((int) number(now.getName()) - 1, changed);
    return changed;
  }

  /** Changes a version's state, as somebody else would. */
  public void change(String name, long number, State state) {
    change("%s/versions/%d".formatted(name, number), state, "");
  }

  /** Returns the states of all versions, the first one first. */
  public synchronized List<State> states(String name) {
    return kept(name).versions.stream().map(SecretVersion::getState).toList();
  }

  /** Returns what readers get by a number, an alias or {@code latest}. */
  public synchronized String read(String name, String word) {
    return payload(version(name, word)).getData().toStringUtf8();
  }

  private static void matches(String given, String now) {
    if (!given.isEmpty() && !given.equals(now)) {
      throw Status.FAILED_PRECONDITION
          .withDescription("The etag provided does not match the one of the resource.")
          .asRuntimeException();
    }
  }

  private Kept kept(String name) {
    var kept = secrets.get(name);
    if (kept == null) {
      throw Status.NOT_FOUND
          .withDescription("Secret [%s] not found or has no versions.".formatted(name))
          .asRuntimeException();
    }
    return kept;
  }

  private static String secretOf(String version) {
    return version.substring(0, version.indexOf("/versions/"));
  }

  private static long number(String name) {
    try {
      return Long.parseLong(name.substring(name.lastIndexOf('/') + 1));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private String etag() {
    etags++;
    return "\"%x\"".formatted(etags);
  }
}
