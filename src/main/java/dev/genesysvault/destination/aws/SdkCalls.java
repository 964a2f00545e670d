package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.NotDoneException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Has Amazon's library make calls, and says in this house's words what it throws. */
final class SdkCalls {
  private final Failures failures;

  SdkCalls(Failures failures) {
    this.failures = failures;
  }

  /**
   * Makes one.
   *
   * @param secrets texts that go out with it and are not to come back in a message
   */
  <T> T run(Ask ask, List<String> secrets, Supplier<T> call)
      throws NotDoneException, InterruptedException {
    try {
      return call.get();
    } catch (AwsServiceException e) {
      throw failures.refused(ask, e, secrets);
    } catch (SdkClientException e) {
      throw failures.unanswered(ask, e);
    }
  }

  /** Returns what an answer has to have. */
  <T> T must(Ask ask, @Nullable T part) throws NotDoneException {
    if (part == null) {
      throw failures.unreadable(ask);
    }
    return part;
  }
}
