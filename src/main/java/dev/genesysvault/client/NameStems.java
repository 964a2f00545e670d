package dev.genesysvault.client;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import java.util.Map;

/** What the names of clients begin with, by the template of their role or the mount's prefix. */
public final class NameStems {
  private static final int RANDOM_BYTES = 4;

  private final Time time;
  private final Randomness randomness;

  /** Makes the rule, for all mounts. */
  public NameStems(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  /**
   * Returns one for a new client.
   *
   * @param template of its role or static role; empty for none
   * @param prefix what the mount's configuration says where there is none
   * @param role its role or static role
   * @param mountPath the mount's path, with or without trailing slashes
   * @param displayName who asks
   */
  public String of(
      String template, String prefix, String role, String mountPath, String displayName) {
    return NameTemplate.parse(template.isEmpty() ? prefix + "-{{role_name}}" : template)
        .render(
            Map.of(
                "role_name", role,
                "mount_path", Texts.withoutTrailingSlashes(mountPath),
                "display_name", displayName,
                "unix_time", Long.toString(time.now().getEpochSecond()),
                "random", randomness.hex(RANDOM_BYTES)));
  }
}
