package dev.genesysvault.resilience;

import java.util.function.Supplier;

/**
 * For whom the calling task works, as lines of the log say it: the request of Vault, the mount, and
 * Genesys' id of the call that failed last. A task that is started takes it along; nothing of it is
 * left when the work is over.
 */
public final class LogContext {
  private static final ScopedValue<LogContext> CURRENT = ScopedValue.newInstance();
  private static final Shown NOBODY = new Shown("", "", "");
  private static final String NO_REQUEST = "";

  private final String requestId;
  private final Supplier<String> mountPath;

  /** Of this task alone, which tells what it met. */
  private String correlationId = "";

  private LogContext(String requestId, Supplier<String> mountPath) {
    this.requestId = requestId;
    this.mountPath = mountPath;
  }

  /**
   * What a line says; each is empty where it is not known.
   *
   * @param requestId Vault's id of the request
   * @param mountPath with a trailing slash
   * @param correlationId Genesys' id of a call that failed
   */
  public record Shown(String requestId, String mountPath, String correlationId) {}

  /** Some work that comes to something. */
  @FunctionalInterface
  public interface Call<T> {
    /** Does it. */
    T call() throws InterruptedException;
  }

  /** Some work. */
  @FunctionalInterface
  public interface Body {
    /** Does it. */
    void run() throws InterruptedException;
  }

  /**
   * Works for a request or a session.
   *
   * @param requestId empty for none
   * @param mountPath asked at each line, since Vault may tell it late; costs next to nothing
   */
  public static <T> T call(String requestId, Supplier<String> mountPath, Call<T> work)
      throws InterruptedException {
    return ScopedValue.where(CURRENT, new LogContext(requestId, mountPath)).call(work::call);
  }

  /** Does one of many things for the same: what was met before is not told of it. */
  public static void anew(Body work) throws InterruptedException {
    if (CURRENT.isBound()) {
      ScopedValue.where(CURRENT, CURRENT.get().anew())
          .<Void, InterruptedException>call(() -> {
            work.run();
            return null;
          });
    } else {
      work.run();
    }
  }

  /**
   * Returns the one of the calling task, for what another task does for it, or a task that was
   * started by another; of nobody where it works for nobody.
   */
  public static LogContext caller() {
    return CURRENT.isBound() ? CURRENT.get().anew() : new LogContext(NO_REQUEST, () -> "");
  }

  /** Returns the one of what several requests of a mount wait for, which is none of theirs. */
  public LogContext shared() {
    return new LogContext(NO_REQUEST, mountPath);
  }

  /** Works for whom this one is of, and no more for whom the calling task worked. */
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, anew()).run(work);
  }

  /** Returns what another task does for the same as the calling one. */
  static Runnable carried(Runnable body) {
    if (!CURRENT.isBound()) {
      return body;
    }
    var context = CURRENT.get().anew();
    return () -> ScopedValue.where(CURRENT, context).run(body);
  }

  private LogContext anew() {
    return new LogContext(requestId, mountPath);
  }

  /**
   * Takes note of what Genesys' reply to the last call was called.
   *
   * @param correlationId its id; empty for a call that did not fail, or that has none
   */
  public static void met(String correlationId) {
    if (CURRENT.isBound()) {
      CURRENT.get().correlationId = correlationId;
    }
  }

  /** Returns what a line that is written now says. */
  public static Shown shown() {
    if (!CURRENT.isBound()) {
      return NOBODY;
    }
    var context = CURRENT.get();
    return new Shown(context.requestId, context.mountPath.get(), context.correlationId);
  }
}
