package dev.genesysvault.upstream;

import java.time.Instant;

/**
 * Whether the lists of clients that were read last were whole.
 *
 * @param doubtful how many in a row were not, the last one among them; zero where that was whole
 * @param since when the first of these was asked for; of a whole one, when that was
 * @param doubt what was wrong with the last one, in one sentence of bounded length; empty where it
 *     was whole
 */
public record ClientListHealth(int doubtful, Instant since, String doubt) {}
