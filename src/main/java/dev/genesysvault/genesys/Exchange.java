package dev.genesysvault.genesys;

import dev.genesysvault.network.Transport;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.network.Transport.Head;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.LogCause;
import dev.genesysvault.resilience.MemoryBudget;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What truly happened on the network in one call of the Platform API, whatever the SDK made of it.
 * Belongs to one task. Holds a reply of bounded size, whose bytes were admitted before they were
 * read, until it is closed; or has it read while it arrives, and holds nothing.
 */
final class Exchange implements Transport.Receiver, AutoCloseable {
  /** A client of ten thousand roles and divisions has about as much. */
  static final int LARGEST_REPLY_BYTES = 1024 * 1024;

  /** Genesys' errors have some hundred; of a longer one the status says enough. */
  static final int LARGEST_ERROR_BYTES = 64 * 1024;

  private static final int FIRST_BYTES = 8 * 1024;

  /** What a reply takes up while it is understood, as a multiple of its bytes. */
  private static final int UNDERSTOOD = 8;

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final String template;
  private final Supplier<Duration> timeout;
  private final MemoryBudget.Account held;
  private Optional<Duration> silence = Optional.empty();
  private @Nullable BodyReader reader;
  private @Nullable Consumer<Head> whenAnswered;
  private Transport.@Nullable Reply reply;
  private @Nullable FailedException failure;
  private boolean answered;
  private boolean interrupted;

  /** Reads a successful reply while it arrives. */
  @FunctionalInterface
  interface BodyReader {
    /** Reads it to its end, and holds no more of it than is bounded. */
    void read(InputStream body) throws IOException;
  }

  /**
   * Makes one that must be over by a deadline.
   *
   * @param template of the request, for people
   * @param held opened for it alone
   */
  Exchange(String template, Deadline deadline, MemoryBudget.Account held) {
    this(template, () -> timeout(deadline), held);
  }

  /** Makes one that may take this long. */
  Exchange(String template, Duration timeout, MemoryBudget.Account held) {
    this(template, () -> timeout, held);
  }

  private Exchange(String template, Supplier<Duration> timeout, MemoryBudget.Account held) {
    this.template = template;
    this.timeout = timeout;
    this.held = held;
  }

  /** Returns how long an exchange may take that must be over by then; positive. */
  private static Duration timeout(Deadline deadline) {
    var left = deadline.left();
    if (left.compareTo(LONGEST) > 0) {
      return LONGEST;
    }
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  /**
   * Has a successful reply read while it arrives.
   *
   * @param begins told before the first read
   */
  Exchange readBy(Runnable begins, BodyReader bodyReader) {
    reader =
        body -> {
          begins.run();
          bodyReader.read(body);
        };
    return this;
  }

  /** Gives up after this long without a byte. */
  Exchange silentAtMost(Duration longest) {
    silence = Optional.of(longest);
    return this;
  }

  /** Tells of the reply as soon as it has begun. */
  void whenAnswered(Consumer<Head> listener) {
    whenAnswered = listener;
  }

  /** Whether a reply has begun. */
  boolean answered() {
    return answered;
  }

  /** Returns how long it may take from now on; positive. */
  Duration timeout() {
    return timeout.get();
  }

  /** Returns how long nothing may arrive at any time; positive. */
  Duration silence() {
    return silence.orElseGet(this::timeout);
  }

  @Override
  public void receive(Head head, InputStream body) throws IOException {
    answered = true;
    if (whenAnswered != null) {
      whenAnswered.accept(head);
    }
    if (reader != null && head.success()) {
      reader.read(body);
      reply = new Transport.Reply(head, new byte[0]);
    } else {
      reply = new Transport.Reply(head, whole(head, body));
    }
  }

  private byte[] whole(Head head, InputStream body) throws IOException {
    int most = head.success() ? LARGEST_REPLY_BYTES : LARGEST_ERROR_BYTES;
    var bytes = new byte[0];
    int length = 0;
    while (length <= most) {
      if (length == bytes.length) {
        int larger = Math.clamp(2L * length, FIRST_BYTES, most + 1);
        if (!admitted(larger)) {
          return without(head, "there is no memory for it beside the others that arrive now");
        }
        bytes = Arrays.copyOf(bytes, larger);
      }
      int count = body.read(bytes, length, bytes.length - length);
      if (count < 0) {
        return Arrays.copyOf(bytes, length);
      }
      length += count;
    }
    return without(head, "it has more than %d bytes".formatted(most));
  }

  private boolean admitted(int bytes) throws IOException {
    try {
      return held.hold((long) UNDERSTOOD * bytes);
    } catch (InterruptedException _) {
      throw new InterruptedIOException();
    }
  }

  /** What an error is, its status says; a success is nothing without what it says. */
  private byte[] without(Head head, String why) throws FailedException {
    LOG.atWarn()
        .addKeyValue("call", template)
        .addKeyValue("status", head.status())
        .addKeyValue("reason", why)
        .addKeyValue(LogCause.KEY, LogCause.at("reply", template, head.status()))
        .log("a reply of Genesys was not taken in");
    if (head.success()) {
      throw new FailedException(
          "the reply, HTTP %d, was not taken in: %s".formatted(head.status(), why), true);
    }
    return new byte[0];
  }

  void failed(FailedException cause) {
    failure = cause;
  }

  void interrupted() {
    interrupted = true;
  }

  void throwIfInterrupted() throws InterruptedException {
    if (interrupted) {
      throw new InterruptedException();
    }
  }

  /** Returns the reply; empty where none came, or none that could be taken in. */
  Optional<Transport.Reply> reply() {
    return failure == null ? Optional.ofNullable(reply) : Optional.empty();
  }

  Optional<FailedException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    held.close();
  }
}
