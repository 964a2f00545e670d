package dev.genesysvault.alert.receiver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alert.Receiver.Answer;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.RetryAfter;
import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Head;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Posts JSON to a receiver, and says in which of three ways it went. Follows no redirect. */
final class JsonPost {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What is shown of an answer, in UTF-16 units. */
  private static final int MOST_SHOWN = 200;

  /** What is read of an answer, in bytes. */
  private static final int MOST_READ = 2_048;

  private final Transport transport;
  private final Time time;

  JsonPost(Transport transport, Time time) {
    this.transport = transport;
    this.time = time;
  }

  /** Returns a body. */
  static byte[] bytes(Object json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers cannot be written as JSON", e);
    }
  }

  /**
   * Posts a body.
   *
   * @param headers beside the one that names the type
   * @param secrets what is blotted out of the answer, beside the URL
   */
  Answer post(
      ReceiverUrl url,
      String type,
      Map<String, String> headers,
      byte[] body,
      List<String> secrets,
      Deadline deadline)
      throws InterruptedException {
    var all = new LinkedHashMap<>(headers);
    all.put("Content-Type", type);
    all.put("Accept", "*/*");
    all.put("User-Agent", "genesys-sidecar");
    var left = deadline.left();
    if (!left.isPositive()) {
      return new Answer.Away("no time was left to ask %s".formatted(url.host()), Duration.ZERO);
    }
    var answer = new Answer[1];
    try {
      transport.exchange(
          new Transport.Request("POST", url.uri(), all, body, left),
          (head, stream) -> {
            var said = new String(stream.readNBytes(MOST_READ), StandardCharsets.UTF_8);
            answer[0] =
                read(url, head, Texts.printable(new Screen(url, secrets).shown(said), MOST_SHOWN));
          });
      return answer[0];
    } catch (FailedException e) {
      return new Answer.Away(
          "%s cannot be reached: %s".formatted(url.host(), e.getMessage()), Duration.ZERO);
    }
  }

  private Answer read(ReceiverUrl url, Head head, String said) {
    int status = head.status();
    if (head.success()) {
      return new Answer.Confirmed("HTTP %d: %s".formatted(status, said));
    }
    var answered = "%s answers HTTP %d: %s".formatted(url.host(), status, said);
    return switch (status) {
      case 400, 413, 422 -> new Answer.Refused(answered);
      case 429, 503 -> new Answer.Away(answered, retryAfter(head));
      case 301, 302, 303, 307, 308 ->
          new Answer.Away(
              "%s; redirects are not followed: write url with the address where it leads"
                  .formatted(answered),
              Duration.ZERO);
      case 401, 403, 404, 410 ->
          new Answer.Away(
              "%s; write url and keys as the receiver has given them".formatted(answered),
              Duration.ZERO);
      default -> new Answer.Away(answered, Duration.ZERO);
    };
  }

  private Duration retryAfter(Head head) {
    return head.header("retry-after").isEmpty() ? Duration.ZERO : RetryAfter.of(head, time.now());
  }
}
