package dev.genesysvault.domain;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * The word for what came of one call to Genesys: a value, or a failure that the caller must name to
 * ignore.
 */
public sealed interface Outcome<T> {
  /** Genesys did what was asked. */
  record Ok<T>(T value) implements Outcome<T> {
    /** Checks the value. */
    public Ok {
      requireNonNull(value, "value is null");
    }
  }

  /** Genesys did not, or nobody knows. */
  record Failed<T>(UpstreamFailure failure) implements Outcome<T> {
    /** Checks the failure. */
    public Failed {
      requireNonNull(failure, "failure is null");
    }
  }

  /** Returns a success. */
  static <T> Outcome<T> ok(T value) {
    return new Ok<>(value);
  }

  /** Returns a failure. */
  static <T> Outcome<T> failed(UpstreamFailure failure) {
    return new Failed<>(failure);
  }

  /** Returns the same outcome with another value. */
  default <R> Outcome<R> map(Function<? super T, ? extends R> change) {
    return switch (this) {
      case Ok<T>(var value) -> ok(change.apply(value));
      case Failed<T>(var failure) -> failed(failure);
    };
  }
}
