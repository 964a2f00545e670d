package dev.genesysvault;

/** Starts the sidecar. */
public final class Main {
  private Main() {}

  /** Runs until the process is told to stop. */
  public static void main(String[] args) {
    System.err.println("not assembled yet");
  }
}
