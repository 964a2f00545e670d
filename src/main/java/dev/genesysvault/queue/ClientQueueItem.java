package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One client in a {@link ClientQueue}, which guards it. */
final class ClientQueueItem extends Waiting {
  final ClientKey key;
  final Instant created;
  Step step = Step.REREAD;
  boolean unwanted;

  /** Whether nobody got it; nobody wants it then. */
  boolean takenBack;

  /** Whether its end comes before every other. */
  boolean urgent;

  private State state = State.CREATING;
  private String role = "";
  private @Nullable ClientId clientId;

  /** Since when it is to go, as far as that is known; null while it is not. */
  private @Nullable Instant leavingSince;

  /** When Genesys was first seen to have deactivated it; null while it has not. */
  private @Nullable Instant deactivated;

  /** Makes one of which nothing is known but that it may exist. */
  ClientQueueItem(ClientKey key, Instant created) {
    super(created, key.value());
    this.key = key;
    this.created = created;
  }

  /** Takes over what its record says. */
  void learn(ClientRecord client, boolean draining, Instant now) {
    var newStep = stepOf(client, draining);
    if (step != newStep) {
      step = newStep;
      restart();
    }
    if (step == Step.DEACTIVATE) {
      deactivated = null;
    } else if (deactivated == null) {
      deactivated = client.deactivated();
    }
    state = client.state();
    role = client.role();
    clientId = client.clientId();
    met(client.lastError());
    unwanted = false;
    takenBack = false;
    urgent = client.urgent();
    boolean leaving = state == State.RETIRING || state == State.STUCK;
    leavingSince = !leaving ? null : earliest(client.leaving(), leavingSince, now);
  }

  private static Instant earliest(@Nullable Instant written, @Nullable Instant noted, Instant now) {
    return Stream.of(written, noted, now)
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(now);
  }

  State state() {
    return state;
  }

  /** Takes note that Genesys has deactivated it. */
  void deactivatedAt(Instant now) {
    deactivated = deactivated == null ? now : deactivated;
  }

  /** Returns since when it is known to be to go; null while it is not. */
  @Nullable Instant leavingSince() {
    return leavingSince;
  }

  /**
   * Whether it is to go and nobody has seen it deactivated: stuck, searched or unwanted, it may log
   * in as before.
   */
  boolean mayLogIn() {
    return deactivated == null && (unwanted || state == State.RETIRING || state == State.STUCK);
  }

  /** Returns that of its step. */
  ClientPriority priority() {
    return ClientPriority.of(step, urgent);
  }

  @Override
  ClientWork work() {
    return new ClientWork.One(key, step);
  }

  /** Whether somebody has it, and it waits for nothing but its deadline. */
  boolean handedOut() {
    return state == State.ISSUED && !unwanted && (step == Step.REREAD || step == Step.DRAIN);
  }

  private static Step stepOf(ClientRecord client, boolean draining) {
    if (client.state() == State.ISSUED) {
      return draining ? Step.DRAIN : Step.REREAD;
    }
    if (client.clientId() == null) {
      return Step.SEARCH;
    }
    return client.deactivated() == null ? Step.DEACTIVATE : Step.DELETE;
  }

  ClientSnapshot view() {
    return new ClientSnapshot(
        key,
        state,
        role,
        Optional.ofNullable(clientId),
        created,
        step,
        due(),
        attempts(),
        lastError(),
        unwanted,
        takenBack,
        Optional.ofNullable(deactivated),
        urgent);
  }
}
