package dev.genesysvault.destination.google;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.Value;
import dev.genesysvault.destination.ValueJson;
import dev.genesysvault.network.GrpcChannels;
import dev.genesysvault.network.GrpcConnections;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import java.util.List;
import java.util.Optional;

/** Secrets of Google Secret Manager: an entry is a secret's id, a version is Google's number. */
final class GcpSecretManager implements Destination {
  private final GcpSettings settings;
  private final Secrets secrets;
  private final Sending sending;
  private final Ending ending;
  private final GcpCheck check;

  private GcpSecretManager(GcpSettings settings, Secrets secrets) {
    var aliases =
        settings.alias().isEmpty()
            ? Optional.<Aliases>empty()
            : Optional.of(new Aliases(secrets, settings.alias()));
    this.settings = settings;
    this.secrets = secrets;
    this.ending = new Ending(secrets, aliases);
    this.sending = new Sending(secrets, settings, aliases);
    this.check = new GcpCheck(secrets, settings);
  }

  /** Makes one; asks nobody. */
  static GcpSecretManager open(
      GcpSettings settings, Network network, Transport transport, Locks locks) {
    var api =
        new SecretApi(
            settings,
            new GrpcChannels(network),
            new GoogleLogIn(settings, transport, locks),
            new Failures(settings, new GrpcConnections(network)),
            locks);
    return new GcpSecretManager(settings, new Secrets(api, settings));
  }

  @Override
  public Sent send(String entry, Value value, Errand errand) throws InterruptedException {
    GcpSecretManagerKind.requireEntry(entry);
    try {
      long number = sending.send(entry, new ValueJson(value), errand.deadline());
      return new Sent.Confirmed(String.valueOf(number));
    } catch (NotDoneException e) {
      return new Sent.Failed(e.failure());
    }
  }

  @Override
  public Seen look(String entry, String version, Value value, Errand errand)
      throws InterruptedException {
    GcpSecretManagerKind.requireEntry(entry);
    try {
      return looked(entry, Secrets.number(version), new ValueJson(value), errand.deadline());
    } catch (NotDoneException e) {
      return new Seen.Failed(e.failure());
    }
  }

  private Seen looked(String entry, long sent, ValueJson payload, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var name = settings.readersName();
    var held = secrets.access(entry, name, deadline);
    if (held.notFound()) {
      return new Seen.Otherwise(
          settings.alias().isEmpty()
              ? "it was deleted"
              : "it was deleted, or its alias %s was".formatted(name));
    }
    if (held.unfit()) {
      var version = secrets.named(entry, name, deadline);
      if (version.notFound() || !version.must().enabled()) {
        return new Seen.Otherwise("what readers get was disabled or destroyed");
      }
    }
    if (settings.alias().isEmpty()
        && held.must().number() < sent
        && !secrets.version(entry, sent, deadline).notFound()) {
      throw new NotDoneException(
          secrets
              .failures()
              .ofEntry(
                  entry,
                  "shows version %d as the latest, and has version %d: looked at again"
                      .formatted(held.must().number(), sent)));
    }
    // Whoever wrote the same once more, did no harm.
    return payload.isSameAs(held.must().bytes())
        ? new Seen.AsSent()
        : new Seen.Otherwise(
            settings.alias().isEmpty()
                ? "version %d holds something else".formatted(held.must().number())
                : "its alias %s names version %d, which holds something else"
                    .formatted(name, held.must().number()));
  }

  @Override
  public Removed remove(String entry, String version, Errand errand) throws InterruptedException {
    GcpSecretManagerKind.requireEntry(entry);
    try {
      ending.remove(entry, Secrets.number(version), errand.deadline());
      return new Removed.Done();
    } catch (NotDoneException e) {
      return new Removed.Failed(e.failure());
    }
  }

  @Override
  public Removed retire(String entry, String version, List<String> former, Errand errand)
      throws InterruptedException {
    GcpSecretManagerKind.requireEntry(entry);
    try {
      var numbers = former.stream().map(Secrets::number).filter(it -> it > 0).toList();
      ending.retire(entry, Secrets.number(version), numbers, errand.deadline());
      return new Removed.Done();
    } catch (NotDoneException e) {
      return new Removed.Failed(e.failure());
    }
  }

  @Override
  public List<Finding> check(String entry, boolean writes, Errand errand)
      throws InterruptedException {
    GcpSecretManagerKind.requireEntry(entry);
    return check.findings(entry, errand.deadline());
  }

  /** Names no more than where it is. */
  @Override
  public String toString() {
    return "GcpSecretManager[%s]".formatted(settings.place());
  }
}
