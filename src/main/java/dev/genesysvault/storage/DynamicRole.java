package dev.genesysvault.storage;

import java.time.Duration;
import java.util.Map;

/**
 * The document of a role: what a dynamic client gets.
 *
 * @param client what it looks like; never without pairs. A validity of zero follows the lease
 * @param ttl of a lease; zero: that of the configuration
 * @param maxTtl of a lease; zero: that of the configuration
 * @param unknown members of a later version
 */
public record DynamicRole(
    ClientTemplate client, Duration ttl, Duration maxTtl, Map<String, Object> unknown) {
  static final Codec<DynamicRole> CODEC =
      new Codec<>() {
        @Override
        public DynamicRole read(Members members) {
          return new DynamicRole(
              ClientTemplate.read(members),
              members.seconds("ttl"),
              members.seconds("max_ttl"),
              members.rest());
        }

        @Override
        public void write(DynamicRole role, Map<String, Object> members) {
          role.client.write(members);
          members.put("ttl", role.ttl.toSeconds());
          members.put("max_ttl", role.maxTtl.toSeconds());
          members.putAll(role.unknown);
        }
      };
}
