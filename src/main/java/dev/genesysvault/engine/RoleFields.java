package dev.genesysvault.engine;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.lifecycle.NameTemplate;
import dev.genesysvault.storage.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Turns what a caller wrote to {@code roles/<role>} into a role, over the one before. */
final class RoleFields {
  private static final int LONGEST_DESCRIPTION = 500;

  private final Fields fields;
  private final Optional<Role> before;

  RoleFields(Fields fields, Optional<Role> before) {
    this.fields = fields;
    this.before = before;
  }

  /** Returns the role that the write means, with the pairs that were resolved for it. */
  Role merged(Set<RoleDivision> roleDivisions, String templateClientId) {
    var ttl = duration("ttl", before.map(Role::ttl));
    var maxTtl = duration("max_ttl", before.map(Role::maxTtl));
    Durations.checkOrder(ttl, maxTtl);
    var validity = duration("access_token_validity", before.map(Role::accessTokenValidity));
    Durations.checkTokenValidity(validity);
    return new Role(
        roleDivisions,
        templateClientId,
        ttl,
        maxTtl,
        validity,
        description(),
        nameTemplate(),
        metadata(),
        clientProperties(),
        before.map(Role::unknown).orElse(Map.of()));
  }

  private Duration duration(String name, Optional<Duration> former) {
    return fields.seconds(name).or(() -> former).orElse(Duration.ZERO);
  }

  private String description() {
    var text = fields.text("description").or(() -> before.map(Role::description)).orElse("");
    if (text.length() > LONGEST_DESCRIPTION) {
      throw RefusedException.badInput(
          "description has %d characters; at most %d are allowed"
              .formatted(text.length(), LONGEST_DESCRIPTION));
    }
    return text;
  }

  private String nameTemplate() {
    var text = fields.text("name_template").or(() -> before.map(Role::nameTemplate)).orElse("");
    if (!text.isEmpty()) {
      try {
        var _ = NameTemplate.parse(text);
      } catch (IllegalArgumentException e) {
        throw RefusedException.badInput(
            "name_template is \"%s\": %s".formatted(text, e.getMessage()));
      }
    }
    return text;
  }

  private Map<String, String> metadata() {
    var sent = fields.object("metadata");
    if (sent.isEmpty()) {
      return before.map(Role::metadata).orElse(Map.of());
    }
    var texts = new LinkedHashMap<String, String>();
    new TreeMap<>(sent.get()).forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  private Map<String, Object> clientProperties() {
    var sent = fields.object("client_properties");
    if (sent.isEmpty()) {
      return before.map(Role::clientProperties).orElse(Map.of());
    }
    for (var member : new TreeMap<>(sent.get()).keySet()) {
      if (ClientBody.OWNED.contains(member) || ClientBody.READ_ONLY.contains(member)) {
        throw RefusedException.badInput(
            "client_properties sets %s, which this engine or Genesys sets itself%s"
                .formatted(member, instead(member)));
      }
    }
    return sent.get();
  }

  private static String instead(String member) {
    return switch (member) {
      case "name" -> ": use name_template";
      case "description" -> ": use description";
      case "accessTokenValiditySeconds" -> ": use access_token_validity";
      case "roleDivisions", "roleIds" -> ": use role_divisions";
      default -> "";
    };
  }
}
