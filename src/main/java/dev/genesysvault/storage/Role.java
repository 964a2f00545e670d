package dev.genesysvault.storage;

import dev.genesysvault.domain.RoleDivision;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a dynamic client gets.
 *
 * @param roleDivisions resolved: every pair names its division, or all of them; never empty
 * @param templateClientId the client that they were copied from; empty where they were given
 * @param ttl of a lease; zero: that of the configuration
 * @param maxTtl of a lease; zero: that of the configuration
 * @param accessTokenValidity of its tokens, 300 to 172,800 s; zero: follows the lease
 * @param description what its description begins with; may be empty
 * @param nameTemplate what its name begins with; empty: the configuration's prefix and the role
 * @param metadata text that its credentials carry along
 * @param clientProperties further members of its body, as JSON values
 * @param unknown members of a later version
 */
public record Role(
    Set<RoleDivision> roleDivisions,
    String templateClientId,
    Duration ttl,
    Duration maxTtl,
    Duration accessTokenValidity,
    String description,
    String nameTemplate,
    Map<String, String> metadata,
    Map<String, Object> clientProperties,
    Map<String, Object> unknown) {
  static final Codec<Role> CODEC =
      new Codec<>() {
        @Override
        public Role read(Members members) {
          return new Role(
              Pairs.read(members.texts("role_divisions")),
              members.textOr("template_client_id", ""),
              members.seconds("ttl"),
              members.seconds("max_ttl"),
              members.seconds("access_token_validity"),
              members.textOr("description", ""),
              members.textOr("name_template", ""),
              texts(members.object("metadata")),
              members.object("client_properties"),
              members.rest());
        }

        private static Map<String, String> texts(Map<String, Object> object) {
          var texts = new LinkedHashMap<String, String>();
          object.forEach((key, value) -> texts.put(key, String.valueOf(value)));
          return texts;
        }

        @Override
        public void write(Role role, Map<String, Object> members) {
          members.put("role_divisions", Pairs.write(role.roleDivisions));
          members.put("template_client_id", role.templateClientId);
          members.put("ttl", role.ttl.toSeconds());
          members.put("max_ttl", role.maxTtl.toSeconds());
          members.put("access_token_validity", role.accessTokenValidity.toSeconds());
          members.put("description", role.description);
          members.put("name_template", role.nameTemplate);
          members.put("metadata", role.metadata);
          members.put("client_properties", role.clientProperties);
          members.putAll(role.unknown);
        }
      };

  /** Sorts the pairs. */
  public Role {
    roleDivisions = Collections.unmodifiableSet(new TreeSet<>(roleDivisions));
  }
}
