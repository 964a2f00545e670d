package dev.genesysvault.fleet;

/** Why a fleet is not imported at all: nothing was done. */
final class CannotBeginException extends Exception {
  private static final long serialVersionUID = 1;

  CannotBeginException(String message) {
    super(message);
  }
}
