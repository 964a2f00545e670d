package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.rotation.RoleSnapshot.Check;
import dev.genesysvault.rotation.UsageSamples.Finding;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.storage.UsageCheck;
import dev.genesysvault.upkeep.CachedActor;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The time in which a static role's former client works on, and whether it may end. */
final class Grace {
  private static final String CHECK = "usage";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SHORTEST_APART = Duration.ofSeconds(1);
  private static final Duration LONGEST_APART = Duration.ofHours(1);

  private final StaticRoleStore credentials;
  private final CachedActor present;
  private final RotationParts parts;
  private final RotationReports reports;
  private final HandOver handOver;
  private final FormerClients formerClients;

  Grace(
      StaticRoleStore credentials,
      CachedActor present,
      RotationParts parts,
      RotationReports reports,
      FormerClients formerClients) {
    this.credentials = credentials;
    this.present = present;
    this.parts = parts;
    this.reports = reports;
    this.handOver = parts.handOver(credentials);
    this.formerClients = formerClients;
  }

  /** Hands the former client over to its end once it may go; at most two calls to Genesys. */
  StepResult step(RotationItem item, StaticRole role, StaticCredential credential, Instant now)
      throws InterruptedException {
    var over = item.graceOver;
    if (over == null) {
      over = Deadline.in(formerClients.graceLeft(credential, now), parts.time());
      item.graceOver = over;
    }
    var former = checked(role, credential);
    if (former == null) {
      return over.over() ? end(item, credential, now) : new StepResult.At(now.plus(over.left()));
    }
    var apart = apart(role);
    var early = over.left().minus(apart);
    if (early.isPositive()) {
      return new StepResult.At(now.plus(early));
    }
    if (over.over() && waitIsOver(role, credential, now)) {
      var ended = end(item, credential, now);
      reports.inUse(
          item.name,
          former,
          "it goes all the same, since usage_check_max_wait is over; %s".formatted(seen(item)));
      return ended;
    }
    return switch (look(item, former, credential, apart)) {
      case Finding.Later(var wait) -> new StepResult.At(now.plus(wait));
      case Finding.Quiet(var detail) -> quiet(item, credential, detail, over, now);
      case Finding.Gone(var detail) -> {
        if (!over.over()) {
          lookAt(item, former);
        }
        yield quiet(item, credential, detail, over, now);
      }
      case Finding.Calling(var detail) -> {
        report(item, former, detail);
        yield waits(role) || !over.over()
            ? new StepResult.At(now.plus(apart))
            : end(item, credential, now);
      }
      case Finding.Unknown(var why) -> unknown(item, role, credential, former, why, over, now);
    };
  }

  private StepResult quiet(
      RotationItem item, StaticCredential credential, String detail, Deadline over, Instant now)
      throws InterruptedException {
    item.checked(new Check(CHECK, true, detail));
    item.inUse = null;
    return over.over() ? end(item, credential, now) : new StepResult.At(now.plus(over.left()));
  }

  /** Readers may hold it: whether it is really gone is worth a call. */
  private void lookAt(RotationItem item, ClientId former) throws InterruptedException {
    if (present.get() instanceof ActorState.Ready(var actor)) {
      var look = actor.genesys().clients().get(former, context());
      credentials.present().saw(item.name, former, look, reports.events());
    }
  }

  private CallContext context() {
    return new CallContext(Lane.ROTATE, Deadline.in(PATIENCE, parts.time()));
  }

  /** Returns the client whose calls are of interest. */
  private static @Nullable ClientId checked(StaticRole role, StaticCredential credential) {
    var previous = credential.previous();
    return role.usageCheck() == UsageCheck.OFF
            || credential.emergency()
            || previous == null
            || previous.kept()
        ? null
        : previous.clientId();
  }

  private static boolean waits(StaticRole role) {
    return role.usageCheck() == UsageCheck.WAIT;
  }

  private static Duration apart(StaticRole role) {
    var half = role.timing().grace().dividedBy(2);
    if (half.compareTo(SHORTEST_APART) < 0) {
      return SHORTEST_APART;
    }
    return half.compareTo(LONGEST_APART) < 0 ? half : LONGEST_APART;
  }

  private static boolean waitIsOver(StaticRole role, StaticCredential credential, Instant now) {
    var end = credential.graceEnd();
    return waits(role) && end != null && !now.isBefore(end.plus(role.timing().usageWait()));
  }

  private Finding look(
      RotationItem item, ClientId former, StaticCredential credential, Duration apart)
      throws InterruptedException {
    var samples = item.usage;
    if (samples == null || !samples.id.equals(former)) {
      var since = credential.lastRotation() == null ? Instant.EPOCH : credential.lastRotation();
      samples = new UsageSamples(former, since, apart);
      item.usage = samples;
    }
    return switch (present.get()) {
      case ActorState.NotReady(var why) -> new Finding.Unknown(Trouble.of(why));
      case ActorState.Ready(var actor) ->
          samples.look(actor.genesys().usage(), context(), parts.time());
    };
  }

  /** Without an answer, who is to warn goes on, and who is to wait waits. */
  private StepResult unknown(
      RotationItem item,
      StaticRole role,
      StaticCredential credential,
      ClientId former,
      Trouble why,
      Deadline over,
      Instant now)
      throws InterruptedException {
    var unknown = why.after("whether client %s is still used is not known: ".formatted(former));
    var detail = unknown.text();
    item.checked(new Check(CHECK, false, detail));
    if (waits(role)) {
      return new StepResult.Failed(
          unknown.then(
              ". It stays until Genesys says that it is quiet, or usage_check_max_wait is over; the mount's client needs oauth:client:view or usage:client:view"),
          Duration.ZERO);
    }
    if (!over.over()) {
      return new StepResult.At(now.plus(over.left()));
    }
    report(item, former, detail);
    return end(item, credential, now);
  }

  /** Tells once; the check shows the latest. */
  private void report(RotationItem item, ClientId former, String detail)
      throws InterruptedException {
    item.checked(new Check(CHECK, false, detail));
    if (item.inUse == null) {
      item.inUse = new RotationItem.InUse(parts.time().now(), detail);
    }
    if (!item.inUseReported) {
      reports.inUse(item.name, former, detail);
      item.inUseReported = true;
    }
  }

  private static String seen(RotationItem item) {
    return item.checks.stream()
        .filter(check -> check.name().equals(CHECK))
        .map(Check::detail)
        .findFirst()
        .orElse("Genesys was not asked for its calls");
  }

  /** Whether the former client was still used belongs to what its rotation has shown. */
  private static StaticCredential withCheck(RotationItem item, StaticCredential credential) {
    var check = item.checks.stream().filter(it -> it.name().equals(CHECK)).findFirst();
    if (check.isEmpty() || credential.history().isEmpty()) {
      return credential;
    }
    var history = new ArrayList<>(credential.history());
    history.add(history.removeLast().showing(check.get().text()));
    return credential.with(draft -> draft.history = history);
  }

  private StepResult end(RotationItem item, StaticCredential credential, Instant now)
      throws InterruptedException {
    var known = RotationHistory.keptFor(item, withCheck(item, credential), parts, now);
    credentials.write(item.name, handOver.retirePrevious(item.name, known, known.emergency(), now));
    return StepResult.soon();
  }
}
