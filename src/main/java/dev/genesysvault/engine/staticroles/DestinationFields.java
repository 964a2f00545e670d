package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.rotation.CredentialValue;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.DestinationEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a caller wrote to {@code destinations} of a static role. */
final class DestinationFields {
  private static final int MOST = 20;
  private static final int LONGEST_SHOWN = 250;
  private static final Set<String> MEMBERS = Set.of("destination", "name", "template");

  private DestinationFields() {}

  /**
   * Returns the entries of destinations that a write means.
   *
   * @param role its name, which names an entry where nothing else does
   * @param before those of the role so far
   */
  static List<DestinationEntry> merged(Fields fields, String role, List<DestinationEntry> before) {
    var sent = fields.list("destinations");
    if (sent.isEmpty()) {
      return before;
    }
    var entries = new ArrayList<DestinationEntry>();
    for (var item : sent.get()) {
      switch (item) {
        case String text -> {
          for (var word : Texts.split(text, ',', MOST + 2)) {
            if (!word.isBlank()) {
              entries.add(checked(word.strip(), role, Map.of(), word));
            }
          }
        }
        case Map<?, ?> object -> entries.add(parse(object, role));
        default -> throw bad(String.valueOf(item));
      }
      if (entries.size() > MOST) {
        throw RefusedException.badInput(
            "destinations has more than %d; no more are allowed".formatted(MOST));
      }
    }
    var places = new TreeSet<String>();
    for (var entry : entries) {
      if (!places.add(entry.toString())) {
        throw RefusedException.badInput("destinations names %s twice".formatted(entry));
      }
    }
    return List.copyOf(entries);
  }

  private static DestinationEntry parse(Map<?, ?> object, String role) {
    for (var member : object.keySet()) {
      if (!(member instanceof String name) || !MEMBERS.contains(name)) {
        throw RefusedException.badInput(
            "destinations holds an object with the member %s; known are %s"
                .formatted(
                    Texts.cut(String.valueOf(member), LONGEST_SHOWN), new TreeSet<>(MEMBERS)));
      }
    }
    var shown = String.valueOf(object);
    var destination = object.get("destination") instanceof String text ? text.strip() : "";
    var name = object.get("name") == null ? role : object.get("name");
    var template = new LinkedHashMap<String, Object>();
    if (object.get("template") instanceof Map<?, ?> members) {
      members.forEach((member, value) -> template.put(String.valueOf(member), value));
    } else if (object.get("template") != null) {
      throw RefusedException.badInput(
          "destinations: the template of %s is no JSON object".formatted(destination));
    }
    return name instanceof String text
        ? checked(destination, text.strip(), template, shown)
        : fail(shown);
  }

  private static DestinationEntry fail(String shown) {
    throw bad(shown);
  }

  private static DestinationEntry checked(
      String destination, String name, Map<String, Object> template, String shown) {
    if (destination.isEmpty() || name.isEmpty() || destination.startsWith("{")) {
      throw bad(shown);
    }
    if (!template.isEmpty() && !CredentialValue.carriesSecret(template)) {
      throw RefusedException.badInput(
          "destinations: the template of %s names no {{client_secret}}: nobody could log in with what it writes"
              .formatted(destination));
    }
    var unknown = CredentialValue.unknown(template);
    if (!unknown.isEmpty()) {
      throw RefusedException.badInput(
          "destinations: the template of %s names %s; known are %s"
              .formatted(destination, Texts.some(unknown), new TreeSet<>(CredentialValue.FIELDS)));
    }
    return new DestinationEntry(destination, name, template, Map.of());
  }

  private static RefusedException bad(String shown) {
    return RefusedException.badInput(
        "destinations holds \"%s\"; must be the name of a destination, or an object with destination, and name and template if wanted"
            .formatted(Texts.cut(shown, LONGEST_SHOWN)));
  }

  /**
   * Refuses entries that cannot be written to, or that another role writes to. Whoever calls it
   * holds {@link StaticRoleStore#lockPlaces} until the role is written.
   */
  static void check(String role, List<DestinationEntry> entries, StaticRoleStore credentials)
      throws InterruptedException {
    for (var entry : entries) {
      var config =
          credentials
              .storage()
              .destinations()
              .entry(entry.destination())
              .get()
              .orElseThrow(() ->
                  RefusedException.badInput(
                      "destinations names \"%s\", which there is not: write destinations/%s first"
                          .formatted(entry.destination(), entry.destination())));
      var kind = credentials.destinations().kind(config.kind());
      try {
        kind.ifPresent(it -> it.checkEntry(entry.entry()));
      } catch (IllegalArgumentException e) {
        throw RefusedException.badInput("destinations: %s: %s".formatted(entry, e.getMessage()));
      }
      if (!entry.template().isEmpty() && kind.filter(it -> !it.takesTemplates()).isPresent()) {
        throw RefusedException.badInput(
            "destinations: %s has a template, and the kind %s takes none: its entries look as they must"
                .formatted(entry, config.kind()));
      }
    }
    if (!entries.isEmpty()) {
      new DestinationPlaces(credentials).refuseShared(role, entries, credentials);
    }
  }

  /** Returns what a reader of the role sees of its entries. */
  static List<Map<String, Object>> shown(List<DestinationEntry> entries) {
    return entries.stream()
        .map(entry -> {
          var data = new LinkedHashMap<String, Object>();
          data.put("destination", entry.destination());
          data.put("name", entry.entry());
          if (!entry.template().isEmpty()) {
            data.put("template", entry.template());
          }
          return (Map<String, Object>) data;
        })
        .toList();
  }
}
