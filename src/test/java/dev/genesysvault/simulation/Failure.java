package dev.genesysvault.simulation;

/** What is told of an exception. */
final class Failure {
  private static final int FRAMES = 12;

  private Failure() {}

  static String of(Throwable cause) {
    var text = new StringBuilder(cause.toString());
    var frames = cause.getStackTrace();
    for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
      text.append("\n      at ").append(frames[i]);
    }
    return text.toString();
  }
}
