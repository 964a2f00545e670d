package dev.genesysvault.simulation;

import dev.genesysvault.alert.AlertMessage;
import dev.genesysvault.alert.Receiver;
import dev.genesysvault.alert.ReceiverKind;
import dev.genesysvault.resilience.Deadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The way to those who are told of alarms: each is a host. */
final class SimulatedReceivers {
  /** What their kind is called. */
  static final String KIND = "played";

  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration VERY_SLOW = Duration.ofSeconds(100);
  private static final Duration WANTS_PEACE = Duration.ofSeconds(7);

  private final Scheduler scheduler;
  private final Chaos chaos;
  private final Outside outside;
  private final Witness witness;
  private final Set<String> away = new HashSet<>();

  SimulatedReceivers(Scheduler scheduler, Chaos chaos, Outside outside, Witness witness) {
    this.scheduler = scheduler;
    this.chaos = chaos;
    this.outside = outside;
    this.witness = witness;
  }

  /** Sees what is told. */
  interface Witness {
    /** A message leaves the sidecar, whether or not it arrives. */
    void sent(String host, AlertMessage message);

    /** The sidecar has got its answer. */
    void confirmed(String host, AlertMessage message);
  }

  /** Has one be out of reach, or no more. */
  void away(String host, boolean wanted) {
    scheduler.trace("receiver", host + (wanted ? " is away" : " is back"));
    if (wanted) {
      away.add(host);
    } else {
      away.remove(host);
    }
  }

  /** Has all be there. */
  void calm() {
    away.clear();
  }

  /** Returns them as one sidecar reaches them. */
  ReceiverKind of(SimulatedProcess sidecar) {
    return new ReceiverKind() {
      @Override
      public String name() {
        return KIND;
      }

      @Override
      public List<String> settings() {
        return List.of("url", "signing_key");
      }

      @Override
      public List<String> sentAlong() {
        return List.of();
      }

      @Override
      public Receiver open(Map<String, String> settings) {
        var host = Optional.ofNullable(settings.get("url")).orElse("");
        if (host.isEmpty()) {
          throw new IllegalArgumentException("url is missing");
        }
        return new Receiver() {
          @Override
          public String host() {
            return host;
          }

          @Override
          public Answer tell(AlertMessage message, Deadline deadline) throws InterruptedException {
            return SimulatedReceivers.this.tell(sidecar, host, message, deadline);
          }
        };
      }
    };
  }

  private static final class Exchange {
    private @Nullable SimulatedTask waiter;
    private boolean done;

    Exchange(SimulatedTask waiter) {
      this.waiter = waiter;
    }
  }

  private Receiver.Answer tell(
      SimulatedProcess sidecar, String host, AlertMessage message, Deadline deadline)
      throws InterruptedException {
    var me = scheduler.me();
    var what = "tell %s %s".formatted(host, text(message));
    var mishap =
        away.contains(host) ? Mishap.NO_CONNECTION : chaos.mishap(Mishap.Door.RECEIVER, what);
    scheduler.trace("receiver", mishap == Mishap.NONE ? what : what + "  !" + mishap);
    if (mishap == Mishap.SIDECAR_DIES_BEFORE) {
      sidecar.kill();
      throw new Killed();
    }
    witness.sent(host, message);
    if (mishap == Mishap.NO_CONNECTION) {
      scheduler.point();
      return new Receiver.Answer.Away("no connection: told so", Duration.ZERO);
    }
    var exchange = new Exchange(me);
    scheduler.happens("did " + what, delay(mishap), () -> arrive(exchange, sidecar, mishap, what));
    try {
      while (!exchange.done) {
        var left = deadline.left();
        if (!left.isPositive()) {
          return new Receiver.Answer.Away("no answer in time", Duration.ZERO);
        }
        scheduler.block("receiver: " + what, left, true);
      }
    } finally {
      exchange.waiter = null;
    }
    return answer(host, message, mishap);
  }

  private void arrive(Exchange exchange, SimulatedProcess sidecar, Mishap mishap, String what) {
    switch (mishap) {
      case SIDECAR_DIES_AFTER -> sidecar.kill();
      case PLUGIN_DIES -> outside.killPlugin();
      case VAULT_DIES -> outside.killVault();
      default -> {}
    }
    scheduler.happens(
        "answer to " + what,
        chaos.latency(),
        () -> {
          exchange.done = true;
          if (exchange.waiter != null) {
            scheduler.wake(exchange.waiter);
          }
        });
  }

  private Receiver.Answer answer(String host, AlertMessage message, Mishap mishap) {
    return switch (mishap) {
      case REPLY_LOST -> new Receiver.Answer.Away("the connection broke: told so", Duration.ZERO);
      case LIMITED -> new Receiver.Answer.Away("HTTP 429", WANTS_PEACE);
      case PROXY_REFUSES -> new Receiver.Answer.Refused("HTTP 400");
      default -> {
        witness.confirmed(host, message);
        yield new Receiver.Answer.Confirmed("ok");
      }
    };
  }

  private Duration delay(Mishap mishap) {
    return switch (mishap) {
      case SLOW -> SLOW;
      case VERY_SLOW -> VERY_SLOW;
      default -> chaos.latency();
    };
  }

  /** Returns a message for people who read a schedule. */
  static String text(AlertMessage message) {
    var alarm = message.alarm();
    return "%s %s %s (%s)"
        .formatted(message.action().word(), alarm.kind().word(), alarm.subject(), message.id());
  }
}
