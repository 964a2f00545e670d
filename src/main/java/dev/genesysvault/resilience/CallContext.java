package dev.genesysvault.resilience;

/**
 * How one call to Genesys stands to the others.
 *
 * @param lane its place in the queue for the request budget
 * @param deadline when its caller no longer waits: for the budget and for the HTTP reply
 */
public record CallContext(Lane lane, Deadline deadline) {}
