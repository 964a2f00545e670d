package dev.genesysvault.destination;

import dev.genesysvault.resilience.Deadline;

/**
 * What a destination is asked with.
 *
 * @param deadline by which it returns
 * @param own the way to the mount's own organisation, for kinds that lie there; others do not take
 *     it
 */
public record Errand(Deadline deadline, OwnOrganization.Way own) {}
