package dev.genesysvault.genesys;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.mypurecloud.sdk.v2.ApiClient;
import com.mypurecloud.sdk.v2.ApiException;
import com.mypurecloud.sdk.v2.ApiRequest;
import com.mypurecloud.sdk.v2.ApiRequestBuilder;
import com.mypurecloud.sdk.v2.connector.ApiClientConnectorProperty;
import com.mypurecloud.sdk.v2.connector.ApiClientConnectorProvider;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.genesys.AccessTokens.Token;
import dev.genesysvault.network.RetryAfter;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.RateBudget.Observation;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls of the Platform API through the SDK: takes each out of the budget, brings the token,
 * and says what came of it. Trusts what the network showed, not what the SDK made of it.
 */
final class PlatformApi {
  private static final Logger LOG = LoggerFactory.getLogger(PlatformApi.class);

  /** Genesys' windows are minutes; a longer one is an error, and believing it would stop us. */
  private static final int LONGEST_WINDOW_SECONDS = 3_600;

  /** A reply that is read while it arrives may take as long as it goes on. */
  private static final Duration LONGEST_STREAM = Duration.ofDays(1);

  private static final TypeReference<JsonNode> TREE = new TypeReference<>() {};

  /** A 401 with one of these means that the token, and nothing else, is no good. */
  private static final Set<String> TOKEN_CODES =
      Set.of("bad.credentials", "authentication.required");

  private final ApiClient client;
  private final AccessTokens tokens;
  private final RateBudget budget;
  private final MemoryBudget memory;
  private final CallMeters meters;
  private final Time time;

  PlatformApi(
      Transport transport,
      URI api,
      String userAgent,
      AccessTokens tokens,
      RateBudget budget,
      MemoryBudget memory,
      CallMeters meters,
      Time time) {
    this.meters = meters;
    ApiClientConnectorProvider provider = _ -> new SdkConnector(transport);
    this.client =
        ApiClient.Builder.standard()
            .withBasePath(api.toString())
            .withUserAgent(userAgent)
            .withObjectMapper(Trees.MAPPER)
            .withProperty(ApiClientConnectorProperty.CONNECTOR_PROVIDER, provider)
            // Renewal and configuration are ours: the SDK would log in at a host of its own choice,
            // and watch a file in the home directory.
            .withShouldRefreshAccessToken(false)
            .withAutoReloadConfig(false)
            .build();
    this.tokens = tokens;
    this.budget = budget;
    this.memory = memory;
    this.time = time;
  }

  /**
   * How a successful reply is read while it arrives.
   *
   * @param asked told when the request leaves
   * @param answered told when the reply has begun
   * @param readable whether what was read was what was asked for
   * @param silence after this long without a byte it fails, however long it is otherwise; empty: it
   *     must be over by the caller's deadline
   */
  record Streaming(
      Runnable asked,
      Runnable answered,
      Exchange.BodyReader reader,
      BooleanSupplier readable,
      Optional<Duration> silence) {
    /** Makes one that must be over by the caller's deadline. */
    Streaming(Exchange.BodyReader reader, BooleanSupplier readable) {
      this(() -> {}, () -> {}, reader, readable, Optional.empty());
    }
  }

  /** One try at a call, with a token. */
  @FunctionalInterface
  private interface Attempt<T> {
    Outcome<T> with(Token token) throws InterruptedException;
  }

  /**
   * Makes a call.
   *
   * @param read takes the value out of a successful reply; empty where the reply does not hold it
   */
  <T> Outcome<T> call(ApiCall call, CallContext context, Function<JsonNode, Optional<T>> read)
      throws InterruptedException {
    return signed(call, context, (tree, _) -> read.apply(tree));
  }

  /** As {@link #call(ApiCall, CallContext, Function)}, for whoever asks who answered. */
  <T> Outcome<T> signed(
      ApiCall call, CallContext context, BiFunction<JsonNode, ReplyOrigin, Optional<T>> read)
      throws InterruptedException {
    return withToken(
        context,
        token -> {
          try (var exchange = new Exchange(call.template(), context.deadline(), memory.open())) {
            return withBudget(
                call,
                context,
                exchange,
                () -> {
                  var tree = invoke(call, token, exchange);
                  return outcome(call, exchange, reply -> value(call, reply, tree, read));
                });
          }
        });
  }

  /**
   * Makes a call whose reply is read while it arrives.
   *
   * @param context whose deadline is for a token and a place in the budget, and for the reply where
   *     that is not bounded by its silence
   */
  Outcome<Done> stream(ApiCall call, CallContext context, Streaming how)
      throws InterruptedException {
    return withToken(
        context,
        token -> {
          try (var exchange = exchange(call, context, how.silence())) {
            exchange.readBy(how.answered(), how.reader());
            return withBudget(
                call,
                context,
                exchange,
                () -> {
                  how.asked().run();
                  var _ = invoke(call, token, exchange);
                  return outcome(
                      call,
                      exchange,
                      reply ->
                          how.readable().getAsBoolean()
                              ? Outcome.ok(Done.DONE)
                              : Outcome.failed(Classifier.unreadable(call, reply)));
                });
          }
        });
  }

  private Exchange exchange(ApiCall call, CallContext context, Optional<Duration> silence) {
    return silence.isPresent()
        ? new Exchange(call.template(), LONGEST_STREAM, memory.open()).silentAtMost(silence.get())
        : new Exchange(call.template(), context.deadline(), memory.open());
  }

  private <T> Outcome<T> withToken(CallContext context, Attempt<T> attempt)
      throws InterruptedException {
    Outcome<T> outcome;
    boolean again = false;
    do {
      var token = tokens.token(context);
      switch (token) {
        case Failed<Token>(var failure) -> {
          return Outcome.failed(failure);
        }
        case Ok<Token>(var good) -> {
          outcome = attempt.with(good);
          // Nothing happened on a 401, so even a create may go again; once.
          again = !again && tokenRefused(outcome);
          if (again) {
            tokens.invalid(good);
            meters.withAnotherToken();
          }
        }
      }
    } while (again);
    return outcome;
  }

  private static boolean tokenRefused(Outcome<?> outcome) {
    return outcome instanceof Failed<?>(Refused refused)
        && refused.status() == 401
        && TOKEN_CODES.contains(refused.code());
  }

  private <T> Outcome<T> withBudget(
      ApiCall call, CallContext context, Exchange exchange, Supplier<Outcome<T>> ask)
      throws InterruptedException {
    long asked = time.nanos();
    var stayAway = budget.acquire(context);
    if (stayAway.isPresent()) {
      meters.turnedAway(context.lane());
      return Outcome.failed(
          new Limited(call.template(), stayAway.get(), UpstreamFailure.NO_CORRELATION_ID));
    }
    meters.waited(context.lane(), asked);
    exchange.whenAnswered(this::settle);
    try {
      if (context.deadline().over()) {
        return Outcome.failed(
            new Unavailable(
                call.template(), "no time was left to ask", UpstreamFailure.NO_CORRELATION_ID));
      }
      long begun = time.nanos();
      var outcome = ask.get();
      meters.called(
          call.template(), context.lane(), exchange.reply().map(Transport.Reply::status), begun);
      exchange.throwIfInterrupted();
      meters.cameTo(outcome, exchange.reply());
      log(call, exchange, outcome, Duration.ofNanos(time.nanos() - begun));
      return outcome;
    } finally {
      if (!exchange.answered()) {
        budget.finished(Optional.empty());
      }
    }
  }

  private JsonNode invoke(ApiCall call, Token token, Exchange exchange) {
    var builder =
        ApiRequestBuilder.create(call.method(), call.path())
            .withAccepts("application/json")
            .withContentTypes("application/json")
            .withCustomHeader("Authorization", "Bearer " + token.text().reveal());
    for (var id : call.ids().entrySet()) {
      builder = builder.withPathParameter(id.getKey(), id.getValue());
    }
    for (var parameter : call.query().entrySet()) {
      builder = builder.withQueryParameters(parameter.getKey(), "", parameter.getValue());
    }
    var request =
        call.body().isPresent() ? builder.withBody(call.body().get()).build() : builder.build();
    return ScopedValue.where(SdkConnector.EXCHANGE, exchange).call(() -> send(request));
  }

  private JsonNode send(ApiRequest<?> request) {
    try {
      var tree = client.invoke(request, TREE).getBody();
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (ApiException | IOException _) {
      // What the exchange recorded says more, and says it without the reply's text.
      return MissingNode.getInstance();
    }
  }

  private <T> Outcome<T> outcome(
      ApiCall call, Exchange exchange, Function<Transport.Reply, Outcome<T>> success) {
    var reply = exchange.reply();
    if (reply.isEmpty()) {
      return Outcome.failed(
          Classifier.broken(
              call,
              exchange
                  .failure()
                  .orElseGet(() -> new Transport.FailedException("the SDK did not ask", false))));
    }
    return reply.get().head().success()
        ? success.apply(reply.get())
        : Outcome.failed(Classifier.failure(call, reply.get(), time.now()));
  }

  private static <T> Outcome<T> value(
      ApiCall call,
      Transport.Reply reply,
      JsonNode tree,
      BiFunction<JsonNode, ReplyOrigin, Optional<T>> read) {
    // An empty reply may be what was asked for; a page of some gateway is not.
    boolean page = tree.isMissingNode() && reply.body().length > 0;
    return (page ? Optional.<T>empty() : read.apply(tree, ReplyOrigin.of(reply)))
        .map(Outcome::ok)
        .orElseGet(() -> Outcome.failed(Classifier.unreadable(call, reply)));
  }

  /** What a reply says of the limit is true when it begins, and a long one ends later. */
  private void settle(Transport.Head head) {
    if (head.status() == 429) {
      budget.limited(RetryAfter.of(head, time.now()));
    } else {
      budget.finished(observation(head));
    }
  }

  private static Optional<Observation> observation(Transport.Head reply) {
    int count = number(reply, "inin-ratelimit-count");
    int allowed = number(reply, "inin-ratelimit-allowed");
    int reset = number(reply, "inin-ratelimit-reset");
    return count >= 0 && allowed > 0 && reset >= 0 && reset <= LONGEST_WINDOW_SECONDS
        ? Optional.of(new Observation(count, allowed, Duration.ofSeconds(reset)))
        : Optional.empty();
  }

  /** Returns a header's number; negative where it has none. */
  private static int number(Transport.Head reply, String header) {
    try {
      return Integer.parseInt(reply.header(header).orElse("").strip());
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  private static void log(ApiCall call, Exchange exchange, Outcome<?> outcome, Duration took) {
    LOG.atDebug()
        .addKeyValue("call", call.template())
        .addKeyValue("outcome", Classifier.word(outcome))
        .addKeyValue("status", exchange.reply().map(Transport.Reply::status).orElse(0))
        .addKeyValue(
            "correlation_id",
            exchange.reply().flatMap(reply -> reply.header("inin-correlation-id")).orElse("none"))
        .addKeyValue("ms", took.toMillis())
        .log("Genesys was asked");
  }
}
