package dev.genesysvault.storage;

import dev.genesysvault.domain.Mark;
import java.util.Map;

/**
 * What a mount is, whatever its configuration.
 *
 * @param mark made with the first configuration, never changed
 * @param unknown members of a later version
 */
public record MountState(Mark mark, Map<String, Object> unknown) {
  static final Codec<MountState> CODEC =
      new Codec<>() {
        @Override
        public MountState read(Members members) {
          return new MountState(new Mark(members.text("mount_id")), members.rest());
        }

        @Override
        public void write(MountState state, Map<String, Object> members) {
          members.put("mount_id", state.mark.value());
          members.putAll(state.unknown);
        }
      };
}
