package dev.genesysvault.destination.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Head;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The other Vault's HTTP API: one request and its bounded reply at a time. */
final class VaultApi {
  /** A tree takes many times the bytes of its text, some a token: it is bounded by these. */
  static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxTokenCount(100_000)
                      .maxNestingDepth(100)
                      .build())
              .build());

  private static final int LARGEST_REPLY = 1024 * 1024;

  /** Others may stand in texts by chance. */
  private static final int SHORTEST_SECRET = 6;

  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Transport transport;
  private final VaultKvSettings settings;
  private final Failures failures;

  VaultApi(Transport transport, Time time, VaultKvSettings settings) {
    this.transport = transport;
    this.settings = settings;
    this.failures = new Failures(settings.place(), time);
  }

  /** Returns who says what is wrong. */
  Failures failures() {
    return failures;
  }

  /** Takes one reply in. */
  private static final class Taken implements Transport.Receiver {
    private @Nullable Head head;
    private byte[] bytes = {};

    @Override
    public void receive(Head begun, InputStream body) throws IOException {
      head = begun;
      bytes = body.readNBytes(LARGEST_REPLY + 1);
    }
  }

  /**
   * Asks once.
   *
   * @return whatever the status
   * @throws NotDoneException if there is no whole answer
   */
  Answer ask(Call call, Optional<Secret> token, Deadline deadline)
      throws NotDoneException, InterruptedException {
    if (deadline.over()) {
      throw new NotDoneException(failures.unanswered(call, "no time was left to ask"));
    }
    var taken = new Taken();
    try {
      transport.exchange(request(call, token, deadline), taken);
    } catch (FailedException e) {
      throw new NotDoneException(failures.unanswered(call, String.valueOf(e.getMessage())));
    }
    var head = taken.head;
    if (head == null) {
      throw new NotDoneException(failures.unanswered(call, "there was no reply"));
    }
    if (taken.bytes.length > LARGEST_REPLY) {
      throw new NotDoneException(failures.tooLarge(call, head.status(), LARGEST_REPLY));
    }
    return new Answer(head, tree(taken.bytes), secrets(call, token));
  }

  private Transport.Request request(Call call, Optional<Secret> token, Deadline deadline) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", "application/json");
    // Asked for by whoever guards a Vault or its agent against requests that a browser was led to.
    headers.put("X-Vault-Request", "true");
    if (!settings.namespace().isEmpty()) {
      headers.put("X-Vault-Namespace", settings.namespace());
    }
    token.ifPresent(it -> headers.put("X-Vault-Token", it.reveal()));
    var body = new byte[0];
    if (!call.body().isEmpty()) {
      headers.put("Content-Type", "application/json");
      body = json(call);
    }
    var left = deadline.left();
    var timeout = left.compareTo(LONGEST) < 0 ? left : LONGEST;
    // One more look at the clock may find the deadline over.
    var positive = timeout.isPositive() ? timeout : Duration.ofMillis(1);
    return new Transport.Request(call.method(), settings.uri(call.path()), headers, body, positive);
  }

  private static byte[] json(Call call) {
    try {
      return MAPPER.writeValueAsBytes(call.body());
    } catch (JsonProcessingException e) {
      // Its message may quote the body.
      throw new IllegalStateException(
          "the body of %s is no JSON: %s".formatted(call, e.getClass().getSimpleName()));
    }
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      var tree = MAPPER.readTree(bytes);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (IOException _) {
      return MissingNode.getInstance();
    }
  }

  /** Paths and the like may be quoted; the value that is written, and what logs in, may not. */
  private static List<String> secrets(Call call, Optional<Secret> token) {
    var secrets = new ArrayList<String>();
    token.ifPresent(it -> secrets.add(it.reveal()));
    var body = MAPPER.<JsonNode>valueToTree(call.body());
    collect(body.path("data"), secrets);
    collect(body.path("secret_id"), secrets);
    return secrets;
  }

  private static void collect(JsonNode node, List<String> secrets) {
    if (node.isTextual() && node.asText().length() >= SHORTEST_SECRET) {
      secrets.add(node.asText());
    }
    node.forEach(each -> collect(each, secrets));
  }
}
