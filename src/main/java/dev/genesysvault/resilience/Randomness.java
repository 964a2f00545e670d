package dev.genesysvault.resilience;

import java.util.HexFormat;

/** The door to chance. */
public interface Randomness {
  /** Returns a share in [0, 1), for jitter. */
  double share();

  /** Returns {@code count} bytes that nobody can guess. */
  byte[] bytes(int count);

  /** Returns {@code 2 * count} lower-case hexadecimal digits that nobody can guess. */
  default String hex(int count) {
    return HexFormat.of().formatHex(bytes(count));
  }
}
