package dev.genesysvault.storage;

import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Mark;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The document of what a mount is, whatever its configuration.
 *
 * @param mark made with the first configuration, never changed
 * @param firstEndpoint that config had, verified, when its addresses were changed for the first
 *     time since addresses are kept with static credentials: those of credentials without any; null
 *     while config has them still
 * @param unknown members of a later version
 */
public record MountMark(Mark mark, @Nullable Endpoint firstEndpoint, Map<String, Object> unknown) {
  /** Returns the state of a mount that is configured for the first time. */
  public static MountMark of(Mark mark) {
    return new MountMark(mark, null, Map.of());
  }

  /** Returns the same state, for a configuration that leaves those addresses. */
  public MountMark leaving(Endpoint endpoint) {
    return firstEndpoint == null ? new MountMark(mark, endpoint, unknown) : this;
  }

  static final Codec<MountMark> CODEC =
      new Codec<>() {
        @Override
        public MountMark read(Members members) {
          return new MountMark(
              new Mark(members.text("mount_id")),
              members.endpoint("first_api_url", "first_login_url"),
              members.rest());
        }

        @Override
        public void write(MountMark state, Map<String, Object> members) {
          members.put("mount_id", state.mark.value());
          if (state.firstEndpoint != null) {
            members.put("first_api_url", state.firstEndpoint.api().toString());
            members.put("first_login_url", state.firstEndpoint.login().toString());
          }
          members.putAll(state.unknown);
        }
      };
}
