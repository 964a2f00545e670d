package dev.genesysvault.engine.request;

/** Answers the operations of one path. */
@FunctionalInterface
public interface Handler {
  /** Answers; throws {@link RefusedException} where the input is wrong. */
  Reply handle(Request request) throws InterruptedException;
}
