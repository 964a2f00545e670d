package dev.genesysvault.rotation;

import dev.genesysvault.destination.Value;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a destination is to hold of a credential: by default what a reader of {@code static-creds/}
 * gets, else a JSON object of the operator's, in whose texts <code>{{client_id}}</code> and the
 * like stand for that. Since places are filled in within texts, whatever is filled in is quoted.
 */
public final class CredentialValue {
  /** What a template may name. */
  public static final Set<String> FIELDS =
      Set.of("client_id", "client_secret", "login_url", "api_url");

  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private final Map<String, String> fields = new LinkedHashMap<>();

  CredentialValue(Credential credential, Endpoint endpoint) {
    fields.put("client_id", credential.id().value());
    fields.put("client_secret", credential.secret().reveal());
    fields.put("login_url", endpoint.login().toString());
    fields.put("api_url", endpoint.api().toString());
  }

  /** Names no field. */
  @Override
  public String toString() {
    return "CredentialValue[redacted]";
  }

  /** Returns it as a template wants it; an empty one wants all fields. */
  Value as(Map<String, Object> template) {
    if (template.isEmpty()) {
      return new Value(new LinkedHashMap<>(fields));
    }
    var members = new LinkedHashMap<String, Object>();
    template.forEach((name, member) -> members.put(name, filled(member)));
    return new Value(members);
  }

  private @Nullable Object filled(@Nullable Object member) {
    return switch (member) {
      case null -> null;
      case String text -> filled(text);
      case List<?> list -> list.stream().map(this::filled).toList();
      case Map<?, ?> map -> {
        var object = new LinkedHashMap<String, Object>();
        map.forEach((name, inner) -> object.put(String.valueOf(name), filled(inner)));
        yield object;
      }
      default -> member;
    };
  }

  private String filled(String text) {
    var filled = new StringBuilder();
    int from = 0;
    for (var name : names(text)) {
      int open = text.indexOf(OPEN, from);
      filled.append(text, from, open).append(fields.getOrDefault(name, ""));
      from = text.indexOf(CLOSE, open) + CLOSE.length();
    }
    return filled.append(text, from, text.length()).toString();
  }

  /** Returns the names between braces, in their order, blanks around them dropped. */
  private static List<String> names(String text) {
    var names = new ArrayList<String>();
    int open = text.indexOf(OPEN);
    while (open >= 0) {
      int close = text.indexOf(CLOSE, open);
      if (close < 0) {
        return names;
      }
      names.add(text.substring(open + OPEN.length(), close).strip());
      open = text.indexOf(OPEN, close);
    }
    return names;
  }

  /** Whether what a template makes has the secret in it. */
  public static boolean carriesSecret(Map<String, Object> template) {
    var named = new TreeSet<String>();
    collect(template, named);
    return named.contains("client_secret");
  }

  /** Returns what a template names that there is not, sorted. */
  public static Set<String> unknown(Map<String, Object> template) {
    var unknown = new TreeSet<String>();
    collect(template, unknown);
    unknown.removeAll(FIELDS);
    return unknown;
  }

  private static void collect(@Nullable Object member, Set<String> names) {
    switch (member) {
      case null -> {
        // Names nothing.
      }
      case String text -> names.addAll(names(text));
      case List<?> list -> list.forEach(inner -> collect(inner, names));
      case Map<?, ?> map -> map.values().forEach(inner -> collect(inner, names));
      default -> {
        // Numbers and the like name nothing.
      }
    }
  }
}
