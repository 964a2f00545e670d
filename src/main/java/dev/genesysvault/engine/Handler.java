package dev.genesysvault.engine;

/** Answers the operations of one path. */
@FunctionalInterface
interface Handler {
  /** Answers; throws {@link RefusedException} where the input is wrong. */
  Reply handle(Request request) throws InterruptedException;
}
