package dev.genesysvault.engine;

import dev.genesysvault.proto.v1.Engine;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.Path;
import dev.genesysvault.proto.v1.PathOperation;
import dev.genesysvault.proto.v1.SecretType;
import dev.genesysvault.proto.v1.SpecialPaths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What of an engine's descriptor is otherwise in a later one, so that a plugin which embeds the
 * former would be answered wrongly, or send what is no longer taken. Texts for people may change.
 */
final class DescriptorChanges {
  private final List<String> found = new ArrayList<>();

  private DescriptorChanges() {}

  /** Returns the changes that break a plugin of the former descriptor, a line each. */
  static List<String> breaking(Engine former, Engine later) {
    var changes = new DescriptorChanges();
    changes.engine(former, later);
    return changes.found;
  }

  private void engine(Engine former, Engine later) {
    same("engine: records_prefix", former.getRecordsPrefix(), later.getRecordsPrefix());
    var paths = byName(later.getPathsList(), Path::getId);
    byName(former.getPathsList(), Path::getId)
        .forEach((id, path) -> {
          if (there("path " + id, paths.get(id) != null)) {
            path("path " + id, path, paths.getOrDefault(id, path));
          }
        });
    var secrets = byName(later.getSecretTypesList(), SecretType::getId);
    byName(former.getSecretTypesList(), SecretType::getId)
        .forEach((id, secret) -> {
          if (there("secret type " + id, secrets.get(id) != null)) {
            secret("secret type " + id, secret, secrets.getOrDefault(id, secret));
          }
        });
    special(former.getSpecialPaths(), later.getSpecialPaths());
  }

  private void path(String what, Path former, Path later) {
    same(what + ": pattern", former.getPattern(), later.getPattern());
    same(what + ": existence_key", former.getExistenceKey(), later.getExistenceKey());
    same(what + ": issues", former.getIssues(), later.getIssues());
    sent(what, former.getFieldsList(), later.getFieldsList());
    var operations = byName(later.getOperationsList(), PathOperation::getOperation);
    for (var operation : former.getOperationsList()) {
      var name = operation.getOperation();
      var now = operations.get(name);
      if (there(what + ": operation " + name, now != null) && now != null) {
        answered(what + " " + name, operation, now);
      }
    }
  }

  private void answered(String what, PathOperation former, PathOperation later) {
    var responses = new HashMap<Integer, List<Field>>();
    later.getResponsesList().forEach(it -> responses.put(it.getHttpStatus(), it.getFieldsList()));
    for (var response : former.getResponsesList()) {
      types(
          "%s: answer %d".formatted(what, response.getHttpStatus()),
          response.getFieldsList(),
          responses.getOrDefault(response.getHttpStatus(), List.of()));
    }
  }

  private void secret(String what, SecretType former, SecretType later) {
    same(what + ": renewable", former.getRenewable(), later.getRenewable());
    same(what + ": journal_key", former.getJournalKey(), later.getJournalKey());
    same(
        what + ": journal_promised_by",
        former.getJournalPromisedBy(),
        later.getJournalPromisedBy());
    types(what, former.getFieldsList(), later.getFieldsList());
  }

  private void special(SpecialPaths former, SpecialPaths later) {
    var now =
        new HashSet<>(
            later.getAllFields().entrySet().stream()
                .flatMap(it -> {
                  var name = it.getKey().getName();
                  return ((List<?>) it.getValue()).stream().map(key -> name + " " + key);
                })
                .toList());
    former
        .getAllFields()
        .forEach((group, keys) ->
            ((List<?>) keys)
                .forEach(key ->
                    there(
                        "special path " + group.getName() + " " + key,
                        now.contains(group.getName() + " " + key))));
  }

  private void types(String what, List<Field> former, List<Field> later) {
    var fields = byName(later, Field::getName);
    for (var field : former) {
      var now = fields.get(field.getName());
      if (there(what + ": field " + field.getName(), now != null) && now != null) {
        same(what + ": type of " + field.getName(), field.getType(), now.getType());
      }
    }
  }

  private void sent(String what, List<Field> former, List<Field> later) {
    types(what, former, later);
    var fields = byName(former, Field::getName);
    for (var now : later) {
      var field = fields.getOrDefault(now.getName(), Field.getDefaultInstance());
      if (now.getRequired() && !field.getRequired()) {
        found.add("%s: field %s is required".formatted(what, now.getName()));
      }
      if (fields.containsKey(now.getName())) {
        same(what + ": default of " + now.getName(), field.getDefaultJson(), now.getDefaultJson());
        allowed(what + ": field " + now.getName(), field.getAllowedJsonList(), now);
        limit(what + ": max_bytes of " + now.getName(), field.getMaxBytes(), now.getMaxBytes());
        limit(what + ": max_items of " + now.getName(), field.getMaxItems(), now.getMaxItems());
        limit(what + ": max_depth of " + now.getName(), field.getMaxDepth(), now.getMaxDepth());
      }
    }
  }

  private void allowed(String what, List<String> former, Field later) {
    boolean any = later.getAllowedJsonCount() == 0;
    if (!any && (former.isEmpty() || !later.getAllowedJsonList().containsAll(former))) {
      found.add(
          "%s allows %s; it allowed %s"
              .formatted(what, later.getAllowedJsonList(), former.isEmpty() ? "any" : former));
    }
  }

  private void limit(String what, int former, int later) {
    if (later != 0 && (former == 0 || later < former)) {
      found.add("%s is %d; it was %s".formatted(what, later, former == 0 ? "unset" : former));
    }
  }

  private void same(String what, Object former, Object later) {
    if (!former.equals(later)) {
      found.add("%s is \"%s\"; it was \"%s\"".formatted(what, later, former));
    }
  }

  private boolean there(String what, boolean is) {
    if (!is) {
      found.add(what + " is gone");
    }
    return is;
  }

  private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
    var named = new LinkedHashMap<String, T>();
    all.forEach(it -> named.put(name.apply(it), it));
    return named;
  }
}
