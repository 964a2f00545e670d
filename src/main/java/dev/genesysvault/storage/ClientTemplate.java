package dev.genesysvault.storage;

import dev.genesysvault.domain.RoleDivision;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Part of a role's document: what its clients look like at Genesys.
 *
 * @param roleDivisions resolved: every pair names its division, or all of them
 * @param templateClientId the client that is copied; empty where the pairs were given
 * @param accessTokenValidity of its tokens, 300 to 172,800 s; zero: what fits the role's kind
 * @param description what its description begins with; may be empty
 * @param nameTemplate what its name begins with; empty: the configuration's prefix and the role
 * @param metadata text that its credentials carry along
 * @param properties further members of its body, as JSON values
 */
public record ClientTemplate(
    Set<RoleDivision> roleDivisions,
    String templateClientId,
    Duration accessTokenValidity,
    String description,
    String nameTemplate,
    Map<String, String> metadata,
    Map<String, Object> properties) {

  /** Sorts the pairs. */
  public ClientTemplate {
    roleDivisions = Collections.unmodifiableSet(new TreeSet<>(roleDivisions));
  }

  /** Whether clients look alike by both: what a credential carries along is not at Genesys. */
  public boolean makesAlike(ClientTemplate other) {
    return equals(
        new ClientTemplate(
            other.roleDivisions,
            other.templateClientId,
            other.accessTokenValidity,
            other.description,
            other.nameTemplate,
            metadata,
            other.properties));
  }

  static ClientTemplate read(Members members) {
    return new ClientTemplate(
        Pairs.read(members.texts("role_divisions")),
        members.textOr("template_client_id", ""),
        members.seconds("access_token_validity"),
        members.textOr("description", ""),
        members.textOr("name_template", ""),
        texts(members.object("metadata")),
        members.object("client_properties"));
  }

  private static Map<String, String> texts(Map<String, Object> object) {
    var texts = new LinkedHashMap<String, String>();
    object.forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  void write(Map<String, Object> members) {
    members.put("role_divisions", Pairs.write(roleDivisions));
    members.put("template_client_id", templateClientId);
    members.put("access_token_validity", accessTokenValidity.toSeconds());
    members.put("description", description);
    members.put("name_template", nameTemplate);
    members.put("metadata", metadata);
    members.put("client_properties", properties);
  }
}
