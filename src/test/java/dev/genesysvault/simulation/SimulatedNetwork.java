package dev.genesysvault.simulation;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.network.Transport;
import dev.genesysvault.simulator.Knob;
import dev.genesysvault.simulator.SimulatedGenesys;
import dev.genesysvault.simulator.SimulatedReply;
import dev.genesysvault.simulator.SimulatedRequest;
import dev.genesysvault.simulator.SimulatedRequest.Origin;
import dev.genesysvault.storage.Json;
import dev.genesysvault.testing.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way to Genesys: each organisation has hosts of its own, {@code api.<x>} and {@code
 * login.<x>}.
 */
final class SimulatedNetwork {
  private static final Duration SLOW = Duration.ofSeconds(5);
  private static final Duration VERY_SLOW = Duration.ofSeconds(100);
  private static final Duration NOT_WHOLE = Duration.ofMinutes(20);
  private static final Duration LATE = Duration.ofSeconds(20);

  private final Scheduler scheduler;
  private final Chaos chaos;
  private final Outside outside;
  private final Map<String, SimulatedGenesys> organizations;
  private final Others others;
  private final Witness witness;

  /**
   * Makes a network.
   *
   * @param organizations by the domain of their hosts
   * @param others answer where their hosts are asked
   * @param witness sees what is sent and answered
   */
  SimulatedNetwork(
      Scheduler scheduler,
      Chaos chaos,
      Outside outside,
      Map<String, SimulatedGenesys> organizations,
      Others others,
      Witness witness) {
    this.scheduler = scheduler;
    this.chaos = chaos;
    this.outside = outside;
    this.organizations = Map.copyOf(organizations);
    this.others = others;
    this.witness = witness;
  }

  /** Returns the network as one sidecar has it. */
  Transport of(SimulatedProcess sidecar) {
    return (request, receiver) -> exchange(sidecar, request, receiver);
  }

  /** Those who have hosts of their own on it. */
  interface Others {
    /** Answers a request for one of them; empty where its host is nobody's of them. */
    Optional<Transport.Reply> answer(Transport.Request request);

    /** Whether a request writes there what is read back before anybody relies on it. */
    boolean keeps(Transport.Request request);

    /** Answers such a request as if it were done, and does not keep what was sent. */
    Transport.Reply answerAndLose(Transport.Request request);
  }

  /** Sees what comes to Genesys, and what Genesys says. */
  interface Witness {
    /** A request leaves the sidecar. */
    void sent(Transport.Request request);

    /** It has taken effect, whether or not anybody gets the reply. */
    void answered(Transport.Request request, Transport.Reply reply);
  }

  private static final class Exchange {
    private @Nullable SimulatedTask waiter;
    private boolean done;
    private Transport.@Nullable Reply reply;

    Exchange(SimulatedTask waiter) {
      this.waiter = waiter;
    }
  }

  private void exchange(
      SimulatedProcess sidecar, Transport.Request request, Transport.Receiver receiver)
      throws Transport.FailedException, InterruptedException {
    var me = scheduler.me();
    var what = request.method() + " " + request.uri().getHost() + request.uri().getPath();
    var mishap = fitting(chaos.mishap(Mishap.Door.NETWORK, what), request);
    scheduler.trace("network", mishap == Mishap.NONE ? what : what + "  !" + mishap);
    if (mishap == Mishap.SIDECAR_DIES_BEFORE) {
      sidecar.kill();
      throw new Killed();
    }
    turnKnobs(mishap);
    if (mishap == Mishap.NO_CONNECTION) {
      scheduler.point();
      throw new Transport.FailedException("no connection: told so", false);
    }
    witness.sent(request);
    var exchange = new Exchange(me);
    send(exchange, sidecar, request, mishap, what);
    try {
      awaitReply(exchange, request, what);
    } finally {
      exchange.waiter = null;
    }
    var reply = exchange.reply;
    if (reply == null) {
      throw new Transport.FailedException("the connection broke: told so", true);
    }
    if (mishap == Mishap.BROKEN_OFF) {
      Delivery.half(reply, receiver);
    } else {
      Delivery.whole(reply, receiver);
    }
  }

  /** Within the delay that the sidecar is told to reckon with. */
  private void turnKnobs(Mishap mishap) {
    switch (mishap) {
      case LIST_LAGS -> turn(Map.of(Knob.LIST_LAG_SECONDS.key(), 240));
      case SHOWN_LATE ->
          turn(Map.of(Knob.LIST_LAG_SECONDS.key(), 240, Knob.VISIBILITY_DELAY_SECONDS.key(), 240));
      case LIST_REPEATS -> {
        turn(Map.of(Knob.LIST_PAGE_SIZE.key(), 4, Knob.LIST_PAGES.key(), "same"));
        scheduler.happens(
            "the list is whole", NOT_WHOLE, () -> turn(Map.of(Knob.LIST_PAGES.key(), "differ")));
      }
      default -> {}
    }
  }

  private void turn(Map<String, Object> knobs) {
    organizations.values().forEach(genesys -> genesys.turn(knobs));
  }

  private void awaitReply(Exchange exchange, Transport.Request request, String what)
      throws Transport.FailedException, InterruptedException {
    var patience =
        request.silence().compareTo(request.timeout()) < 0 ? request.silence() : request.timeout();
    long end = scheduler.nanos() + patience.toNanos();
    while (!exchange.done) {
      long left = end - scheduler.nanos();
      if (left <= 0) {
        scheduler.trace("timeout", what);
        throw new Transport.FailedException("no reply within " + patience, true);
      }
      scheduler.block("network: " + what, Duration.ofNanos(left), true);
    }
  }

  /** A late second secret would be a second truth, which no caller can guard against. */
  private Mishap fitting(Mishap mishap, Transport.Request request) {
    boolean secret = request.uri().getPath().endsWith("/secret");
    boolean change = request.method().equals("PUT") || request.method().equals("DELETE");
    return switch (mishap) {
      case LATE_EFFECT -> secret ? Mishap.REPLY_LOST : mishap;
      case PROMISED -> change ? mishap : Mishap.GATEWAY_CLAIMS;
      case MADE_OTHERWISE -> creates(request) || others.keeps(request) ? mishap : Mishap.NONE;
      default -> mishap;
    };
  }

  static boolean creates(Transport.Request request) {
    return request.method().equals("POST")
        && request.uri().getPath().equals("/api/v2/oauth/clients");
  }

  private void send(
      Exchange exchange,
      SimulatedProcess sidecar,
      Transport.Request request,
      Mishap mishap,
      String what) {
    if (mishap == Mishap.LATE_EFFECT) {
      scheduler.happens("late " + what, LATE, () -> answer(request));
      scheduler.happens("cut " + what, chaos.latency(), () -> arrive(exchange, null));
      return;
    }
    scheduler.happens(
        "did " + what,
        delay(mishap),
        () -> {
          var reply = answer(request, mishap);
          if (mishap == Mishap.SIDECAR_DIES_AFTER) {
            sidecar.kill();
          }
          if (mishap == Mishap.PLUGIN_DIES) {
            outside.killPlugin();
          }
          if (mishap == Mishap.VAULT_DIES) {
            outside.killVault();
          }
          scheduler.happens(
              "reply to " + what, chaos.latency(), () -> arrive(exchange, reply.orElse(null)));
        });
  }

  private void arrive(Exchange exchange, Transport.@Nullable Reply reply) {
    exchange.done = true;
    exchange.reply = reply;
    if (exchange.waiter != null) {
      scheduler.wake(exchange.waiter);
    }
  }

  private Duration delay(Mishap mishap) {
    return switch (mishap) {
      case SLOW -> SLOW;
      case VERY_SLOW -> VERY_SLOW;
      default -> chaos.latency();
    };
  }

  /** Returns the reply that arrives; empty where none does. */
  private Optional<Transport.Reply> answer(Transport.Request request, Mishap mishap) {
    return switch (mishap) {
      case CUT -> Optional.empty();
      case REPLY_LOST -> {
        var _ = answer(request);
        yield Optional.empty();
      }
      case LIMITED -> Optional.of(limited(request, 7));
      case LIMITED_LONG -> Optional.of(limited(request, 1_500));
      case UNAVAILABLE -> Optional.of(error(503, "service.unavailable", Map.of()));
      case UNAVAILABLE_AFTER -> {
        var _ = answer(request);
        yield Optional.of(error(504, "upstream.timeout", Map.of()));
      }
      case GARBAGE -> {
        var _ = answer(request);
        yield Optional.of(page(200));
      }
      case GATEWAY_CLAIMS -> Optional.of(new Transport.Reply(204, Map.of(), new byte[0]));
      case PROMISED -> {
        scheduler.happens("promised " + request.method(), LATE, () -> answer(request));
        yield Optional.of(
            new Transport.Reply(202, Map.of("ININ-Correlation-Id", "c"), new byte[0]));
      }
      case MADE_OTHERWISE -> {
        if (others.keeps(request)) {
          yield Optional.of(seen(request, others.answerAndLose(request)));
        }
        var knob = otherwise(request);
        turn(Map.of(knob, "yes"));
        var reply = answer(request);
        turn(Map.of(knob, "no"));
        yield Optional.of(reply);
      }
      case PROXY_REFUSES -> Optional.of(page(403));
      case TOKEN_REFUSED ->
          Optional.of(logIn(request) ? page(502) : error(401, "bad.credentials", Map.of()));
      default -> Optional.of(answer(request));
    };
  }

  /** Returns what makes a difference: one pair less, or one more where there is one alone. */
  private static String otherwise(Transport.Request request) {
    var body = new ClientBody(Json.read(request.body()));
    return (body.roleDivisions().size() > 1
            ? Knob.DIVISION_DROPPED_ON_CREATE
            : Knob.DIVISION_ADDED_ON_CREATE)
        .key();
  }

  private static Transport.Reply limited(Transport.Request request, int seconds) {
    var headers = Map.of("Retry-After", Integer.toString(seconds));
    return logIn(request)
        ? new Transport.Reply(
            400,
            headers,
            "{\"error\":\"invalid_request\",\"error_description\":\"rate limit exceeded; told so\"}"
                .getBytes(StandardCharsets.UTF_8))
        : error(429, "too.many.requests.retry.after", headers);
  }

  private static Transport.Reply error(int status, String code, Map<String, String> headers) {
    return new Transport.Reply(
        status,
        headers,
        "{\"status\":%d,\"code\":\"%s\",\"message\":\"told so\",\"contextId\":\"c\"}"
            .formatted(status, code)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static Transport.Reply page(int status) {
    return new Transport.Reply(
        status, Map.of(), "<html>a gateway</html>".getBytes(StandardCharsets.UTF_8));
  }

  private static boolean logIn(Transport.Request request) {
    return request.uri().getPath().equals("/oauth/token");
  }

  /** Has the request take effect. */
  private Transport.Reply answer(Transport.Request request) {
    var other = others.answer(request);
    if (other.isPresent()) {
      return seen(request, other.get());
    }
    var host = request.uri().getHost();
    int dot = host.indexOf('.');
    var genesys = organizations.get(host.substring(dot + 1));
    if (genesys == null) {
      throw new IllegalStateException("nobody is at " + host);
    }
    var reply =
        genesys.handle(
            new SimulatedRequest(
                host.startsWith("login.") ? Origin.LOGIN : Origin.API,
                request.method(),
                request.uri().getPath(),
                Optional.ofNullable(request.uri().getRawQuery()).orElse(""),
                request.headers(),
                request.body()));
    scheduler.trace("genesys", reply.status() + SimulatedStorage.digest(reply.body()));
    var answer = converted(reply);
    witness.answered(request, answer);
    return answer;
  }

  private Transport.Reply seen(Transport.Request request, Transport.Reply other) {
    scheduler.trace("elsewhere", other.status() + SimulatedStorage.digest(other.body()));
    witness.answered(request, other);
    return other;
  }

  private static Transport.Reply converted(SimulatedReply reply) {
    return new Transport.Reply(reply.status(), reply.headers(), reply.body());
  }
}
