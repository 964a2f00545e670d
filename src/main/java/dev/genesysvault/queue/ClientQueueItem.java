package dev.genesysvault.queue;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.ClientKey;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.storage.ClientRecord;
import dev.genesysvault.storage.ClientRecord.State;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One client in a {@link ClientQueue}, which guards it. */
final class ClientQueueItem {
  static final Comparator<ClientQueueItem> OLDEST_FIRST =
      Comparator.comparing((ClientQueueItem item) -> item.created)
          .thenComparing(item -> item.key.value());

  /** There are as many in memory as clients: what the record says beyond is read there. */
  private static final int LONGEST_ERROR = 1_000;

  final ClientKey key;
  final Instant created;
  Step step = Step.REREAD;
  Instant due;
  int attempts;
  String lastError = "";
  boolean unwanted;

  /** Whether its end comes before every other. */
  boolean urgent;

  private State state = State.CREATING;
  private String role = "";
  private @Nullable ClientId clientId;

  /** Makes one of which nothing is known but that it may exist. */
  ClientQueueItem(ClientKey key, Instant created) {
    this.key = key;
    this.created = created;
    this.due = created;
  }

  /** Takes over what its record says. */
  void learn(ClientRecord client, Instant newDue, boolean draining) {
    var newStep = stepOf(client, draining);
    if (step != newStep) {
      step = newStep;
      attempts = 0;
    }
    state = client.state();
    role = client.role();
    clientId = client.clientId();
    lastError = Texts.cut(client.lastError(), LONGEST_ERROR);
    unwanted = false;
    urgent = client.urgent();
    due = newDue;
  }

  /** Goes on to a step as if nothing had failed before. */
  void begin(Step next, Instant now) {
    step = next;
    attempts = 0;
    lastError = "";
    due = now;
  }

  /** Tries its step once more. */
  void again(String error, Instant when) {
    attempts++;
    lastError = Texts.cut(error, LONGEST_ERROR);
    due = when;
  }

  /** Is given back with nothing done: what leaked waits for no pause, so it waits by itself. */
  void untouched(Instant when) {
    if (urgent) {
      again(lastError, when);
    }
  }

  /** Whether it waits since something failed, and not for its time. */
  boolean triedBefore() {
    return attempts > 0 || !lastError.isEmpty();
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
        due,
        attempts,
        lastError,
        unwanted,
        urgent);
  }
}
