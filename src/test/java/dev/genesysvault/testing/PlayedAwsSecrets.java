package dev.genesysvault.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a played AWS Secrets Manager, their versions and staging labels, and the hands of
 * whoever else is at them.
 */
public final class PlayedAwsSecrets {
  /** The label of what readers get. */
  public static final String CURRENT = "AWSCURRENT";

  private static final String PREVIOUS = "AWSPREVIOUS";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, Secret> secrets = new TreeMap<>();
  private int versionsOfOthers;
  private int mostVersions = 100;

  PlayedAwsSecrets() {}

  /** What AWS says instead of doing something. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    RefusedException(String code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  private static final class Secret {
    private final String name;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> labels = new TreeMap<>();
    private final ObjectNode more = MAPPER.createObjectNode();
    private boolean deleting;

    private Secret(String name) {
      this.name = name;
    }

    private String arn() {
      return "arn:aws:secretsmanager:eu-central-1:123456789012:secret:%s-a1B2c3".formatted(name);
    }

    private List<String> labelsOf(String version) {
      return labels.entrySet().stream()
          .filter(it -> it.getValue().equals(version))
          .map(Map.Entry::getKey)
          .toList();
    }

    /** AWS moves the label of the former one along. */
    private void label(String label, String version) {
      var before = labels.put(label, version);
      if (label.equals(CURRENT) && before != null && !before.equals(version)) {
        labels.put(PREVIOUS, before);
      }
    }

    private ObjectNode shown() {
      return MAPPER.createObjectNode().put("ARN", arn()).put("Name", name);
    }
  }

  private @Nullable Secret find(String id) {
    return secrets.values().stream()
        .filter(it -> it.name.equals(id) || it.arn().equals(id))
        .findFirst()
        .orElse(null);
  }

  private Secret must(String id) throws RefusedException {
    var secret = find(id);
    if (secret == null) {
      throw new RefusedException(
          "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
    }
    return secret;
  }

  private Secret living(String id) throws RefusedException {
    var secret = must(id);
    if (secret.deleting) {
      throw new RefusedException(
          "InvalidRequestException",
          "You can't perform this operation on the secret because it was marked for deletion.");
    }
    return secret;
  }

  /**
   * Shows a version's value.
   *
   * @param version empty for the one that has the label
   */
  synchronized ObjectNode value(String id, Optional<String> version, String label)
      throws RefusedException {
    var secret = living(id);
    var found = version.or(() -> Optional.ofNullable(secret.labels.get(label)));
    var text = found.map(secret.texts::get).orElse(null);
    if (found.isEmpty() || text == null) {
      throw new RefusedException(
          "ResourceNotFoundException",
          "Secrets Manager can't find the specified secret value for "
              + version.map("VersionId: "::concat).orElse("staging label: " + label));
    }
    var shown = secret.shown().put("VersionId", found.get()).put("SecretString", text);
    secret.labelsOf(found.get()).forEach(shown.putArray("VersionStages")::add);
    return shown;
  }

  /** Shows a secret without its values. */
  synchronized ObjectNode description(String id) throws RefusedException {
    var secret = must(id);
    var shown = secret.shown();
    shown.setAll(secret.more);
    if (secret.deleting) {
      shown.put("DeletedDate", 1_767_225_600);
    }
    var versions = shown.putObject("VersionIdsToStages");
    for (var version : secret.texts.keySet()) {
      var labels = secret.labelsOf(version);
      if (!labels.isEmpty()) {
        labels.forEach(versions.putArray(version)::add);
      }
    }
    return shown;
  }

  /**
   * Makes a secret with its first version.
   *
   * @param more what its description shows
   */
  synchronized ObjectNode make(String name, String version, String text, ObjectNode more)
      throws RefusedException {
    var there = find(name);
    if (there != null && there.deleting) {
      throw new RefusedException(
          "InvalidRequestException",
          "You can't create this secret because a secret with this name is already scheduled for deletion.");
    }
    if (there != null && !text.equals(there.texts.get(version))) {
      throw new RefusedException(
          "ResourceExistsException",
          "The operation failed because the secret %s already exists.".formatted(name));
    }
    var secret = there == null ? new Secret(name) : there;
    if (there == null) {
      secrets.put(name, secret);
      secret.texts.put(version, text);
      secret.label(CURRENT, version);
      secret.more.setAll(more);
    }
    return secret.shown().put("VersionId", version);
  }

  /** Writes a version; without labels, readers get it at once. */
  synchronized ObjectNode put(String id, String version, String text, List<String> labels)
      throws RefusedException {
    var secret = living(id);
    var known = secret.texts.get(version);
    if (known != null && !known.equals(text)) {
      throw new RefusedException(
          "ResourceExistsException",
          "You can't use ClientRequestToken %s because that value is already in use for a version of secret %s."
              .formatted(version, secret.arn()));
    }
    if (known == null) {
      if (secret.texts.size() >= mostVersions) {
        throw new RefusedException(
            "LimitExceededException",
            "You have reached the maximum number of versions for this secret.");
      }
      if (secret.texts.isEmpty()) {
        secret.label(CURRENT, version);
      }
      secret.texts.put(version, text);
      (labels.isEmpty() ? List.of(CURRENT) : labels).forEach(label -> secret.label(label, version));
    }
    return secret.shown().put("VersionId", version);
  }

  /** Moves a label, or takes it away. */
  synchronized ObjectNode move(String id, String label, Optional<String> to, Optional<String> from)
      throws RefusedException {
    var secret = living(id);
    var holder = Optional.ofNullable(secret.labels.get(label));
    if (to.isPresent() && !secret.texts.containsKey(to.get())) {
      throw new RefusedException(
          "ResourceNotFoundException",
          "Secrets Manager can't find the specified secret version: " + to.get());
    }
    if (holder.isPresent() && !holder.equals(to) && !holder.equals(from)) {
      throw new RefusedException(
          "InvalidParameterException",
          "The parameter RemoveFromVersionId can't be %s. Staging label %s is currently attached to version %s, so you must explicitly reference that version in RemoveFromVersionId."
              .formatted(from.orElse("empty"), label, holder.get()));
    }
    if (holder.isEmpty() && from.isPresent()) {
      throw new RefusedException(
          "InvalidParameterException",
          "Staging label %s isn't attached to version %s.".formatted(label, from.get()));
    }
    if (to.isPresent()) {
      secret.label(label, to.get());
    } else if (label.equals(CURRENT)) {
      throw new RefusedException(
          "InvalidParameterException",
          "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.");
    } else {
      secret.labels.remove(label);
    }
    return secret.shown();
  }

  /** Schedules a secret for deletion. */
  synchronized ObjectNode delete(String id) throws RefusedException {
    var secret = living(id);
    if (secret.more.has("ReplicationStatus")) {
      throw new RefusedException(
          "InvalidParameterException", "You can't delete secret with replicas.");
    }
    secret.deleting = true;
    return secret.shown().put("DeletionDate", 1_769_817_600);
  }

  /** Takes that back. */
  synchronized ObjectNode restore(String id) throws RefusedException {
    var secret = must(id);
    secret.deleting = false;
    return secret.shown();
  }

  /** Makes a secret by somebody else's hand; returns its version. */
  public synchronized String create(String name, String text) {
    var secret = new Secret(name);
    secrets.put(name, secret);
    return overwrite(name, text);
  }

  /** Makes a secret that has no version yet. */
  public synchronized void createEmpty(String name) {
    secrets.put(name, new Secret(name));
  }

  /** Writes a secret by somebody else's hand; returns the version that is the current one now. */
  public synchronized String overwrite(String name, String text) {
    var version = "00000000-0000-0000-0000-%012d".formatted(++versionsOfOthers);
    var secret = own(name);
    secret.texts.put(version, text);
    secret.label(CURRENT, version);
    return version;
  }

  private Secret own(String name) {
    var secret = secrets.get(name);
    if (secret == null) {
      throw new IllegalStateException("no secret " + name);
    }
    return secret;
  }

  /** Moves a label by somebody else's hand. */
  public synchronized void label(String name, String label, String version) {
    own(name).label(label, version);
  }

  /** Has one be scheduled for deletion, or not. */
  public synchronized void scheduleDeletion(String name, boolean now) {
    own(name).deleting = now;
  }

  /** Has one be gone for good. */
  public synchronized void destroy(String name) {
    secrets.remove(name);
  }

  /** Removes the versions without a label, as AWS may at any time. */
  public synchronized void removeUnlabelled(String name) {
    var secret = own(name);
    secret.texts.keySet().removeIf(version -> secret.labelsOf(version).isEmpty());
  }

  /** Has its description say something more, such as {@code RotationEnabled}. */
  public synchronized void describe(String name, String member, Object value) {
    own(name).more.set(member, MAPPER.valueToTree(value));
  }

  /** Bounds how many versions there may be. */
  public synchronized void bound(int most) {
    mostVersions = most;
  }

  /** Returns the version that has a label; empty for none. */
  public synchronized Optional<String> holder(String name, String label) {
    var secret = secrets.get(name);
    return secret == null ? Optional.empty() : Optional.ofNullable(secret.labels.get(label));
  }

  /** Returns what readers get of a label now; empty for nothing. */
  public synchronized Optional<String> read(String name, String label) {
    var secret = secrets.get(name);
    return secret == null || secret.deleting
        ? Optional.empty()
        : Optional.ofNullable(secret.labels.get(label)).map(secret.texts::get);
  }

  /** Returns every version there is, in the order of their making. */
  public synchronized List<String> versions(String name) {
    var secret = secrets.get(name);
    return secret == null ? List.of() : new ArrayList<>(secret.texts.keySet());
  }

  /** Whether one is scheduled for deletion. */
  public synchronized boolean deleting(String name) {
    return own(name).deleting;
  }

  /** Returns what its description says more. */
  public synchronized ObjectNode more(String name) {
    return own(name).more.deepCopy();
  }
}
