package dev.genesysvault.upstream;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether the lists of clients that were read last were whole.
 *
 * @param doubtful how many in a row were not, the last one among them; zero where that was whole
 * @param since when the first of these was asked for; of a whole one, when that was
 * @param last when the last one was asked for
 * @param doubt what was wrong with the last one, in one sentence of bounded length; empty where it
 *     was whole
 */
public record ClientListHealth(int doubtful, Instant since, Instant last, String doubt) {
  /** While something is looked for, lists follow one another sooner. */
  private static final Duration SAYS_SOMETHING_FOR = Duration.ofHours(1);

  /** Whether the last list says something of how lists are now. */
  public boolean isOf(Instant now) {
    return now.isBefore(last.plus(SAYS_SOMETHING_FOR));
  }
}
