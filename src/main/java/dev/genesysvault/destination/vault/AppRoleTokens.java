package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.vault.VaultKvSettings.LogIn.AppRole;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.SingleFlight;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The token of an AppRole, in memory alone: got once for all who wait, renewed or got anew when
 * less than a third of its lease is left, and got anew where a 403 may mean that it was revoked.
 */
final class AppRoleTokens implements Tokens {
  /**
   * For how long after its log-in a token is taken to be good, whatever is refused: else each
   * missing permission would leave another token behind.
   */
  private static final Duration YOUNG = Duration.ofSeconds(30);

  private static final int LONGEST_TOKEN = 4 * 1024;
  private static final String FLIGHT = "token";

  private final VaultApi api;
  private final AppRole role;
  private final Time time;
  private final Call logIn;
  private final Locks.Monitor monitor;
  private final SingleFlight<String, Landed> flights;
  private @Nullable Token current;

  AppRoleTokens(VaultApi api, AppRole role, Time time, Locks locks) {
    this.api = api;
    this.role = role;
    this.time = time;
    this.monitor = locks.monitor();
    this.flights = new SingleFlight<>(locks);
    this.logIn =
        Call.post(
            "auth/%s/login".formatted(role.mount()),
            Map.of("role_id", role.roleId(), "secret_id", role.secretId().reveal()),
            new Call.Advice(
                // Whoever has no token is not told that there is nothing.
                "approle_mount is \"%s\": no AppRole is mounted there, or it takes no log-in from here; check it, namespace, and the secret_id_bound_cidrs"
                    .formatted(role.mount()),
                "approle_mount is \"%s\", where nothing is mounted: check it, and namespace"
                    .formatted(role.mount()),
                "the AppRole does not take role_id and secret_id: write a new secret_id of it to this destination"));
  }

  /**
   * A token.
   *
   * @param lease as long as the log-in gave it
   * @param youth until when it cannot have been revoked
   * @param refresh from when on it is renewed, or got anew
   */
  private record Token(
      Secret text,
      boolean renewable,
      Duration lease,
      Deadline youth,
      Deadline refresh,
      Deadline end) {}

  /** What came of a flight. */
  private sealed interface Landed {
    record Ok(Token token) implements Landed {}

    /**
     * None.
     *
     * @param cutShort whether for want of time, which says nothing to those who have more of it
     */
    record Failed(DestinationFailure failure, boolean cutShort) implements Landed {}
  }

  @Override
  public Secret present(Deadline deadline) throws NotDoneException, InterruptedException {
    while (true) {
      var present = monitor.get(() -> Optional.ofNullable(current));
      if (present.isPresent() && !present.get().refresh().over()) {
        return present.get().text();
      }
      var landed = flights.join(FLIGHT, deadline, () -> fly(deadline));
      if (landed.isEmpty()) {
        throw new NotDoneException(
            api.failures().unanswered(logIn, "no time was left to wait for a log-in"));
      }
      switch (landed.get()) {
        case Landed.Ok(var token) -> {
          return token.text();
        }
        case Landed.Failed(var failure, var cutShort) -> {
          if (!cutShort || deadline.over()) {
            throw new NotDoneException(failure);
          }
        }
      }
    }
  }

  private Landed fly(Deadline deadline) throws InterruptedException {
    var present = monitor.get(() -> Optional.ofNullable(current));
    // Somebody may have got one since.
    if (present.isPresent() && !present.get().refresh().over()) {
      return new Landed.Ok(present.get());
    }
    var alive = present.filter(token -> !token.end().over());
    try {
      var token = alive.isPresent() ? refreshed(alive.get(), deadline) : loggedIn(deadline);
      monitor.run(() -> current = token);
      return new Landed.Ok(token);
    } catch (NotDoneException e) {
      return alive
          .filter(token -> !token.end().over())
          .<Landed>map(Landed.Ok::new)
          .orElseGet(() -> new Landed.Failed(e.failure(), deadline.over()));
    }
  }

  /** Near the end of what a token may live, a renewal gives little: then another one is better. */
  private Token refreshed(Token alive, Deadline deadline)
      throws NotDoneException, InterruptedException {
    if (alive.renewable()) {
      var answer = api.ask(renewal(), Optional.of(alive.text()), deadline);
      var auth = answer.body().path("auth");
      var lease = Duration.ofSeconds(auth.path("lease_duration").asLong(0));
      if (answer.success() && lease.multipliedBy(2).compareTo(alive.lease()) >= 0) {
        return token(
            alive.text(), auth.path("renewable").asBoolean(), lease, alive.lease(), alive.youth());
      }
      if (!answer.success() && !refusesToken(answer)) {
        throw new NotDoneException(api.failures().refused(renewal(), answer));
      }
    }
    return loggedIn(deadline);
  }

  private static boolean refusesToken(Answer answer) {
    return answer.status() == 400 || answer.status() == 403;
  }

  private Call renewal() {
    return Call.post("auth/token/renew-self", Map.of(), logIn.advice());
  }

  private Token loggedIn(Deadline deadline) throws NotDoneException, InterruptedException {
    var answer = api.ask(logIn, Optional.empty(), deadline);
    if (!answer.success()) {
      throw new NotDoneException(ofAll(answer));
    }
    var auth = answer.body().path("auth");
    var text = auth.path("client_token").asText("");
    // What does not fit into a header is no token, and would be shown by the refusal to send it.
    if (!Texts.consistsOf(text, 1, LONGEST_TOKEN, c -> c > ' ' && c <= '~')) {
      throw new NotDoneException(
          api.failures()
              .unreadable(logIn, answer, Extent.DESTINATION, "no token is in it: is it a Vault?"));
    }
    long seconds = auth.path("lease_duration").asLong(0);
    // Of a token that never ends.
    var lease = seconds <= 0 ? Duration.ofDays(365) : Duration.ofSeconds(seconds);
    return token(
        Secret.of(text),
        auth.path("renewable").asBoolean(),
        lease,
        lease,
        Deadline.in(YOUNG, time));
  }

  /** Without a log-in no entry is reached, whatever its refusal would say of others. */
  private DestinationFailure ofAll(Answer answer) {
    var failure = api.failures().refused(logIn, answer);
    return new DestinationFailure(failure.why(), Extent.DESTINATION, failure.retryAfter());
  }

  private Token token(
      Secret text, boolean renewable, Duration left, Duration whole, Deadline youth) {
    var end = Deadline.in(left, time);
    return new Token(text, renewable, whole, youth, end.minus(left.dividedBy(3)), end);
  }

  @Override
  public Optional<Secret> instead(Secret refused, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var present = monitor.get(() -> Optional.ofNullable(current));
    if (present.filter(it -> it.text().sameAs(refused)).isPresent()) {
      if (!present.orElseThrow().youth().over() || isGood(refused, deadline)) {
        return Optional.empty();
      }
      monitor.run(() -> {
        if (current != null && current.text().sameAs(refused)) {
          current = null;
        }
      });
    }
    return Optional.of(present(deadline));
  }

  /** Each log-in leaves a token behind, so that none is made for a permission that is missing. */
  private boolean isGood(Secret token, Deadline deadline)
      throws NotDoneException, InterruptedException {
    return api.ask(Call.get("auth/token/lookup-self", logIn.advice()), Optional.of(token), deadline)
        .success();
  }

  @Override
  public String tried(Deadline deadline) throws NotDoneException, InterruptedException {
    // What is kept says nothing of role_id and secret_id as they are now.
    var token = loggedIn(deadline);
    monitor.run(() -> current = token);
    return "logged in by the AppRole at auth/%s".formatted(role.mount());
  }

  @Override
  public boolean proven() {
    return true;
  }

  @Override
  public String owner() {
    return "the AppRole";
  }
}
