package dev.genesysvault.queue;

/**
 * What a {@link ClientQueue} says of one moment, without a copy of each client.
 *
 * @param open whether a background session takes notes; all else says nothing where none does
 * @param counts of the clients that are known, all of them once {@link ClientQueueStatus#loaded}
 */
public record ClientQueueReport(boolean open, ClientQueueStatus status, ClientCounts counts) {}
