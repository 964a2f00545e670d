package dev.genesysvault.engine.template;

import dev.genesysvault.client.NameTemplate;
import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.storage.ClientTemplate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Turns what a caller wrote of a role's clients into their template, over the one before. */
public final class TemplateFields {
  private static final int LONGEST_DESCRIPTION = 500;

  private final Fields fields;
  private final Optional<ClientTemplate> before;

  public TemplateFields(Fields fields, Optional<ClientTemplate> before) {
    this.fields = fields;
    this.before = before;
  }

  /** Returns the template that the write means, with the pairs that were resolved for it. */
  public ClientTemplate merged(Set<RoleDivision> roleDivisions, String templateClientId) {
    var validity =
        fields
            .seconds("access_token_validity")
            .or(() -> before.map(ClientTemplate::accessTokenValidity))
            .orElse(Duration.ZERO);
    Durations.checkTokenValidity(validity);
    return new ClientTemplate(
        roleDivisions,
        templateClientId,
        validity,
        description(),
        nameTemplate(),
        metadata(),
        clientProperties());
  }

  /** Puts what a reader of the role sees of it. */
  public static void show(ClientTemplate client, Map<String, Object> data) {
    data.put(
        "role_divisions", client.roleDivisions().stream().map(RoleDivision::toString).toList());
    data.put("template_client_id", client.templateClientId());
    data.put("access_token_validity", client.accessTokenValidity().toSeconds());
    data.put("description", client.description());
    data.put("name_template", client.nameTemplate());
    data.put("metadata", client.metadata());
    data.put("client_properties", client.properties());
  }

  private String description() {
    var text =
        fields.text("description").or(() -> before.map(ClientTemplate::description)).orElse("");
    if (text.length() > LONGEST_DESCRIPTION) {
      throw RefusedException.badInput(
          "description has %d characters; at most %d are allowed"
              .formatted(text.length(), LONGEST_DESCRIPTION));
    }
    return text;
  }

  private String nameTemplate() {
    var sent = fields.text("name_template");
    if (sent.isEmpty()) {
      return before.map(ClientTemplate::nameTemplate).orElse("");
    }
    var text = sent.get();
    if (!text.isEmpty()) {
      try {
        var _ = NameTemplate.written(text);
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
      return before.map(ClientTemplate::metadata).orElse(Map.of());
    }
    var texts = new LinkedHashMap<String, String>();
    new TreeMap<>(sent.get()).forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  private Map<String, Object> clientProperties() {
    var sent = fields.object("client_properties");
    if (sent.isEmpty()) {
      return before.map(ClientTemplate::properties).orElse(Map.of());
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
