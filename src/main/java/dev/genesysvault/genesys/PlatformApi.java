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
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.genesys.AccessTokens.Token;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.resilience.RateBudget.Observation;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  private static final TypeReference<JsonNode> TREE = new TypeReference<>() {};

  /** A 401 with one of these means that the token, and nothing else, is no good. */
  private static final Set<String> TOKEN_CODES =
      Set.of("bad.credentials", "authentication.required");

  private final ApiClient client;
  private final AccessTokens tokens;
  private final RateBudget budget;
  private final Time time;

  PlatformApi(
      Transport transport,
      URI api,
      String userAgent,
      AccessTokens tokens,
      RateBudget budget,
      Time time) {
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
    this.time = time;
  }

  /**
   * Makes a call.
   *
   * @param read takes the value out of a successful reply; empty where the reply does not hold it
   */
  <T> Outcome<T> call(ApiCall call, CallContext context, Function<JsonNode, Optional<T>> read)
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
          outcome = withBudget(call, context, good, read);
          // Nothing happened on a 401, so even a create may go again; once.
          again = !again && tokenRefused(outcome);
          if (again) {
            tokens.invalid(good);
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
      ApiCall call, CallContext context, Token token, Function<JsonNode, Optional<T>> read)
      throws InterruptedException {
    var stayAway = budget.acquire(context);
    if (stayAway.isPresent()) {
      return Outcome.failed(
          new Limited(call.template(), stayAway.get(), UpstreamFailure.NO_CORRELATION_ID));
    }
    var exchange = new Exchange(context.deadline());
    try {
      if (context.deadline().over()) {
        return Outcome.failed(
            new Unavailable(
                call.template(), "no time was left to ask", UpstreamFailure.NO_CORRELATION_ID));
      }
      long begun = time.nanos();
      var tree = invoke(call, token, exchange);
      exchange.throwIfInterrupted();
      var outcome = outcome(call, exchange, tree, read);
      log(call, exchange, outcome, Duration.ofNanos(time.nanos() - begun));
      return outcome;
    } finally {
      settle(exchange);
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
      ApiCall call, Exchange exchange, JsonNode tree, Function<JsonNode, Optional<T>> read) {
    var reply = exchange.reply();
    if (reply.isEmpty()) {
      return Outcome.failed(
          Classifier.broken(
              call,
              exchange
                  .failure()
                  .orElseGet(() -> new Transport.FailedException("the SDK did not ask", false))));
    }
    if (reply.get().status() / 100 != 2) {
      return Outcome.failed(Classifier.failure(call, reply.get(), time.now()));
    }
    // An empty reply may be what was asked for; a page of some gateway is not.
    if (tree.isMissingNode() && reply.get().body().length > 0) {
      return Outcome.failed(Classifier.unreadable(call, reply.get()));
    }
    return read.apply(tree)
        .map(Outcome::ok)
        .orElseGet(() -> Outcome.failed(Classifier.unreadable(call, reply.get())));
  }

  private void settle(Exchange exchange) {
    var reply = exchange.reply();
    if (reply.isPresent() && reply.get().status() == 429) {
      budget.limited(RetryAfter.of(reply.get(), time.now()));
    } else {
      budget.finished(reply.flatMap(PlatformApi::observation));
    }
  }

  private static Optional<Observation> observation(Transport.Reply reply) {
    int count = number(reply, "inin-ratelimit-count");
    int allowed = number(reply, "inin-ratelimit-allowed");
    int reset = number(reply, "inin-ratelimit-reset");
    return count >= 0 && allowed > 0 && reset >= 0 && reset <= LONGEST_WINDOW_SECONDS
        ? Optional.of(new Observation(count, allowed, Duration.ofSeconds(reset)))
        : Optional.empty();
  }

  /** Returns a header's number; negative where it has none. */
  private static int number(Transport.Reply reply, String header) {
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
