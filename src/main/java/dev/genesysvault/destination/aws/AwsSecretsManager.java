package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.Value;
import dev.genesysvault.destination.ValueJson;
import dev.genesysvault.destination.aws.SecretCalls.Described;
import dev.genesysvault.destination.aws.SecretCalls.Held;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.util.List;
import java.util.Optional;

/**
 * Secrets of one region: an entry is a secret, and a version is the one that AWS has by the
 * errand's id, so that the same sending makes one version however often it is tried. Readers get
 * the version with the label {@code AWSCURRENT}, which is moved once the new one was read back.
 */
final class AwsSecretsManager implements Destination {
  /** On the version that was sent last: without a label, AWS may remove it. */
  static final String LABEL = "GENESYS_VAULT";

  /** In bytes, as AWS counts. */
  private static final int LARGEST = 64 * 1024;

  private final Secrets secrets;
  private final SecretCheck check;

  private AwsSecretsManager(Secrets secrets) {
    this.secrets = secrets;
    this.check = new SecretCheck(secrets);
  }

  /** Makes one, and asks nobody. */
  static Destination of(AwsSettings settings, Transport transport, Time time, Locks locks) {
    return new AwsSecretsManager(new Secrets(settings, transport, time, locks));
  }

  @Override
  public Sent send(String entry, Value value, Errand errand) throws InterruptedException {
    var id = SecretId.of(entry);
    var text = new ValueJson(value);
    try {
      if (text.bytes().length > LARGEST) {
        throw secrets
            .failures()
            .ofEntry(
                id,
                "what it is to hold has %,d bytes; must be at most %,d: have the static role's template give less"
                    .formatted(text.bytes().length, LARGEST));
      }
      try (var secret = secrets.secret(id, text.secrets(), errand.deadline())) {
        return new Sent.Confirmed(sent(id, secret, text, errand.id().toString()));
      }
    } catch (NotDoneException e) {
      return new Sent.Failed(e.failure());
    }
  }

  private String sent(SecretId id, SecretCalls secret, ValueJson text, String version)
      throws NotDoneException, InterruptedException {
    var held = holding(secret, text);
    if (held.isPresent()) {
      return held.get();
    }
    var described = secret.described();
    if (described.isEmpty()) {
      secret.create(version, text, creation(id));
      mustHold(id, secret, version, text);
      return version;
    }
    if (!described.get().deleting()) {
      written(id, secret, described.get(), text, version);
      return version;
    }
    restored(id, secret);
    var kept = holding(secret, text);
    if (kept.isPresent()) {
      return kept.get();
    }
    written(id, secret, mustBeThere(id, secret), text, version);
    return version;
  }

  /** Returns the current version where it holds that already. */
  private static Optional<String> holding(SecretCalls secret, ValueJson text)
      throws NotDoneException, InterruptedException {
    return secret.current().filter(held -> held.is(text)).map(Held::version);
  }

  private Creation creation(SecretId id) throws NotDoneException {
    if (id.region().isPresent()) {
      throw secrets
          .failures()
          .ofEntry(
              id,
              "it is not there, and is not made by an ARN, which AWS gives: create it, or give the entry a name");
    }
    return secrets
        .settings()
        .creation()
        .orElseThrow(() ->
            secrets
                .failures()
                .ofEntry(
                    id, "it is not there: create it, or set create_secret on the destination"));
  }

  private void restored(SecretId id, SecretCalls secret)
      throws NotDoneException, InterruptedException {
    if (!secrets.settings().restores()) {
      throw secrets
          .failures()
          .ofEntry(
              id,
              "it is scheduled for deletion: restore it, or set restore_secret on the destination");
    }
    secret.restore();
  }

  private Described mustBeThere(SecretId id, SecretCalls secret)
      throws NotDoneException, InterruptedException {
    return secret
        .described()
        .orElseThrow(
            () -> secrets.failures().ofEntry(id, "it was deleted at the same moment: tried again"));
  }

  /** Has readers get a version that they do not get yet. */
  private void written(
      SecretId id, SecretCalls secret, Described before, ValueJson text, String version)
      throws NotDoneException, InterruptedException {
    var unfit = unfit(before);
    if (unfit.isPresent()) {
      throw secrets.failures().ofEntry(id, unfit.get());
    }
    secret.put(version, text.text(), LABEL);
    mustHold(id, secret, version, text);
    var seen = before.holder(SecretCalls.CURRENT);
    if (seen.isEmpty()) {
      // A secret's first version is the current one, whatever label it was written with.
      seen = mustBeThere(id, secret).holder(SecretCalls.CURRENT);
    }
    if (!seen.equals(Optional.of(version))) {
      secret.move(SecretCalls.CURRENT, Optional.of(version), seen);
    }
  }

  /** Returns why a secret is not one to write to; empty where it is. */
  static Optional<String> unfit(Described described) {
    if (described.rotates()) {
      return Optional.of(
          "AWS rotates it, and two writers would take it from each other: switch its rotation off (cancel-rotate-secret), or have its rotation function rotate the static role, and take the destination away");
    }
    if (!described.owner().isEmpty()) {
      return Optional.of(
          "the service %s of AWS manages it, and nobody else may write it: name another secret"
              .formatted(described.owner()));
    }
    return described.primary().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "it is a replica of the one in %s, and is written there alone: name that region"
                .formatted(described.primary()));
  }

  private void mustHold(SecretId id, SecretCalls secret, String version, ValueJson text)
      throws NotDoneException, InterruptedException {
    if (secret.version(version).filter(held -> held.is(text)).isEmpty()) {
      throw secrets
          .failures()
          .ofEntry(
              id,
              "it took version %s, and does not show it as it was written: tried again"
                  .formatted(version));
    }
  }

  @Override
  public Seen look(String entry, String version, Value value, Errand errand)
      throws InterruptedException {
    var id = SecretId.of(entry);
    var text = new ValueJson(value);
    try (var secret = secrets.secret(id, text.secrets(), errand.deadline())) {
      var current = secret.current();
      // Whoever wrote the same once more, did no harm.
      return current.isPresent() ? seen(current.get(), text) : unseen(id, secret);
    } catch (NotDoneException e) {
      return new Seen.Failed(e.failure());
    }
  }

  private static Seen seen(Held current, ValueJson text) {
    return current.is(text)
        ? new Seen.AsSent()
        : new Seen.Otherwise("version %s holds something else".formatted(current.version()));
  }

  private Seen unseen(SecretId id, SecretCalls secret)
      throws NotDoneException, InterruptedException {
    var described = secret.described();
    if (described.isEmpty()) {
      return new Seen.Otherwise("it was deleted");
    }
    if (described.get().deleting()) {
      return new Seen.Otherwise("it is scheduled for deletion");
    }
    if (described.get().holder(SecretCalls.CURRENT).isEmpty()) {
      return new Seen.Otherwise("no version of it is the current one");
    }
    throw secrets
        .failures()
        .ofEntry(id, "it has a current version, and does not show it: looked at again");
  }

  @Override
  public Removed remove(String entry, String version, Errand errand) throws InterruptedException {
    try (var secret = secrets.secret(SecretId.of(entry), List.of(), errand.deadline())) {
      var described = secret.described();
      // AWS takes no condition with it: whoever writes in between has 30 days to restore it.
      if (described.filter(it -> !it.deleting() && isCurrent(it, version)).isPresent()) {
        secret.delete();
      }
      return new Removed.Done();
    } catch (NotDoneException e) {
      return new Removed.Failed(e.failure());
    }
  }

  private static boolean isCurrent(Described described, String version) {
    return described.holder(SecretCalls.CURRENT).filter(version::equals).isPresent();
  }

  @Override
  public Removed retire(String entry, String version, List<String> former, Errand errand)
      throws InterruptedException {
    try (var secret = secrets.secret(SecretId.of(entry), List.of(), errand.deadline())) {
      var there = secret.described().filter(it -> !it.deleting());
      if (there
          .flatMap(it -> it.holder(SecretCalls.CURRENT))
          .filter(former::contains)
          .isPresent()) {
        throw secrets
            .failures()
            .ofEntry(SecretId.of(entry), "it still shows a former version: tried again");
      }
      var described = there.filter(it -> isCurrent(it, version));
      if (described.isPresent()) {
        // What was sent and never confirmed is not among them: that loses its label by the next
        // one.
        for (var label : List.of(SecretCalls.PREVIOUS, LABEL)) {
          var holder = described.get().holder(label).filter(former::contains);
          if (holder.isPresent()) {
            secret.move(label, Optional.empty(), holder);
          }
        }
      }
      return new Removed.Done();
    } catch (NotDoneException e) {
      return new Removed.Failed(e.failure());
    }
  }

  @Override
  public List<Finding> check(String entry, boolean writes, Errand errand)
      throws InterruptedException {
    return check.findings(SecretId.of(entry), writes, errand);
  }

  /** Names no more than where it is. */
  @Override
  public String toString() {
    return "AwsSecretsManager[%s]".formatted(secrets.settings().place());
  }
}
