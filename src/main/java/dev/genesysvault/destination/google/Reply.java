package dev.genesysvault.destination.google;

import com.google.api.gax.rpc.StatusCode.Code;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.NotDoneException;

/** What came of one call. */
sealed interface Reply<T> {
  /** It was answered. May hold a secret. */
  record Ok<T>(T value) implements Reply<T> {
    /** Names nothing of it. */
    @Override
    public String toString() {
      return "Ok";
    }
  }

  /**
   * It was not.
   *
   * @param failure what that means where it is not expected
   */
  record Refused<T>(Code code, DestinationFailure failure) implements Reply<T> {}

  /** Whether what was asked for is not there. */
  default boolean notFound() {
    return is(Code.NOT_FOUND);
  }

  /** Whether what was asked for is not in the state that it would have to be in. */
  default boolean unfit() {
    return is(Code.FAILED_PRECONDITION) || is(Code.ABORTED);
  }

  /** Whether it was refused so. */
  default boolean is(Code code) {
    return this instanceof Refused<T>(var given, var _) && given == code;
  }

  /** Returns the answer, without which nothing goes on. */
  default T must() throws NotDoneException {
    return switch (this) {
      case Ok<T>(var value) -> value;
      case Refused<T>(var _, var failure) -> throw new NotDoneException(failure);
    };
  }
}
