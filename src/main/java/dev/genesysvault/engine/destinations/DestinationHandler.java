package dev.genesysvault.engine.destinations;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.rotation.OpenDestinations;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.Folder;
import dev.genesysvault.storage.Found;
import dev.genesysvault.storage.StaticRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code destinations/<name>}: one place outside of this mount, and how to log in there. */
public final class DestinationHandler implements Handler {
  /** Fields that every kind has. */
  private static final Set<String> COMMON =
      Set.of("name", "kind", "required", "auto_repair", "on_delete", "drift_check");

  private static final int REVISION_BYTES = 8;

  private final MountStaticRoles staticRoles;
  private final Time time;
  private final Randomness randomness;

  public DestinationHandler(MountStaticRoles staticRoles, Time time, Randomness randomness) {
    this.staticRoles = staticRoles;
    this.time = time;
    this.randomness = randomness;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    var name = request.capture("name");
    return switch (request.operation()) {
      case READ ->
          request
              .storage()
              .destinations()
              .entry(name)
              .get()
              .<Reply>map(config -> Reply.of(shown(config, kinds(request))))
              .orElseGet(Reply.Nothing::new);
      case CREATE, UPDATE -> write(request, name);
      case DELETE -> delete(request, name);
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private OpenDestinations kinds(Request request) {
    return staticRoles.of(request).destinations();
  }

  private static Map<String, Object> shown(DestinationConfig config, OpenDestinations kinds) {
    var data = new LinkedHashMap<String, Object>();
    data.put("kind", config.kind());
    kinds.kind(config.kind()).map(DestinationKind::settings).orElse(List.of()).stream()
        .filter(setting -> !setting.secret())
        .forEach(setting ->
            data.put(
                setting.field(),
                SettingFields.shown(setting, config.settings().getOrDefault(setting.field(), ""))));
    data.put("required", config.required());
    data.put("auto_repair", config.autoRepairs());
    data.put("on_delete", config.onDelete());
    data.put("drift_check", config.driftCheck().toSeconds());
    return data;
  }

  private Reply write(Request request, String name) throws InterruptedException {
    var credentials = staticRoles.of(request);
    boolean changed;
    try (var _ = credentials.lockPlaces()) {
      var entry = credentials.storage().destinations().entry(name);
      var before = entry.get();
      var config = merged(request.fields(), before, credentials.destinations());
      try {
        var _ = credentials.destinations().open(name, config);
      } catch (IllegalArgumentException e) {
        throw RefusedException.badInput(String.valueOf(e.getMessage()));
      }
      refuseOtherKind(before, config, name, credentials);
      changed = before.filter(it -> !concernsAlike(it, config)).isPresent();
      entry.put(config);
    }
    if (changed) {
      for (var role : users(credentials, name)) {
        sendAgain(credentials, role, name);
      }
    }
    return Reply.written(List.of());
  }

  /** Whether nobody has to be sent to anew, nor to be tried now, for the sake of a change. */
  private static boolean concernsAlike(DestinationConfig before, DestinationConfig config) {
    return before.revision().equals(config.revision())
        && before.settings().equals(config.settings())
        && before.required() == config.required()
        && before.autoRepairs() == config.autoRepairs();
  }

  /** What names an entry of one kind, may name none of another. */
  private static void refuseOtherKind(
      Optional<DestinationConfig> before,
      DestinationConfig config,
      String name,
      StaticRoleStore credentials)
      throws InterruptedException {
    if (before.filter(it -> !it.kind().equals(config.kind())).isPresent()) {
      refuseUsed(name, before, credentials);
    }
  }

  private static void refuseUsed(
      String name, Optional<DestinationConfig> before, StaticRoleStore credentials)
      throws InterruptedException {
    var users = users(credentials, name);
    if (!users.isEmpty()) {
      throw RefusedException.badInput(
          "destination %s is that of the static roles %s: take it off their destinations first"
              .formatted(name, Texts.some(users)));
    }
    // What stays there anyway is nobody's business any more.
    boolean removes = before.filter(DestinationConfig::removes).isPresent();
    var leaving = removes ? leaving(credentials, name) : List.of();
    if (!leaving.isEmpty()) {
      throw RefusedException.badInput(
          "what static roles %s have left at destination %s is being looked after, which takes seconds where that answers: try again then"
              .formatted(Texts.some(leaving), name));
    }
  }

  private DestinationConfig merged(
      Fields fields, Optional<DestinationConfig> before, OpenDestinations kinds) {
    var kindName = fields.text("kind").or(() -> before.map(DestinationConfig::kind)).orElse("");
    var kind =
        kinds
            .kind(kindName)
            .orElseThrow(() ->
                RefusedException.badInput(
                    "kind is \"%s\"; must be one of %s"
                        .formatted(kindName, String.join(", ", kinds.kindNames()))));
    var former = before.filter(it -> it.kind().equals(kindName));
    var known = kind.settings().stream().map(Setting::field).collect(Collectors.toSet());
    for (var field : fields.names()) {
      if (!COMMON.contains(field) && !known.contains(field)) {
        throw RefusedException.badInput(
            "%s is no field of the kind %s, which has %s"
                .formatted(
                    field, kindName, known.isEmpty() ? "none" : String.join(", ", names(kind))));
      }
    }
    var settings = settings(fields, kind, former);
    var repair = RepairFields.merged(fields, before, kind);
    return new DestinationConfig(
        kindName,
        settings,
        revision(kind, settings, former),
        fields
            .flag("required")
            .or(() -> before.map(DestinationConfig::required))
            .orElse(fields.flagDefault("required")),
        repair.repairs(),
        removes(fields, before, kind),
        repair.driftCheck(),
        before.map(DestinationConfig::unknown).orElse(Map.of()));
  }

  /** A secret says nothing of where it is. */
  private String revision(
      DestinationKind kind, Map<String, String> settings, Optional<DestinationConfig> former) {
    return former
        .filter(it ->
            kind.settings().stream()
                .filter(setting -> !setting.secret())
                .map(Setting::field)
                .allMatch(field ->
                    it.settings().getOrDefault(field, "").equals(settings.getOrDefault(field, ""))))
        .map(DestinationConfig::revision)
        .filter(revision -> !revision.isEmpty())
        .orElseGet(() -> randomness.hex(REVISION_BYTES));
  }

  private static List<String> names(DestinationKind kind) {
    return kind.settings().stream().map(Setting::field).toList();
  }

  private static Map<String, String> settings(
      Fields fields, DestinationKind kind, Optional<DestinationConfig> former) {
    var settings = new LinkedHashMap<String, String>();
    former.ifPresent(it -> settings.putAll(it.settings()));
    for (var setting : kind.settings()) {
      SettingFields.sent(setting, fields)
          .ifPresent(text -> {
            if (text.isEmpty()) {
              settings.remove(setting.field());
            } else {
              settings.put(setting.field(), text);
            }
          });
    }
    refuseElsewhere(fields, kind, former, settings);
    return settings;
  }

  /** A secret that somebody gave for one address would go to another one, and to whoever has it. */
  private static void refuseElsewhere(
      Fields fields,
      DestinationKind kind,
      Optional<DestinationConfig> former,
      Map<String, String> settings) {
    for (var where : kind.addresses()) {
      var before = former.map(it -> it.settings().getOrDefault(where, ""));
      if (before.filter(it -> !it.equals(settings.getOrDefault(where, ""))).isEmpty()) {
        continue;
      }
      for (var setting : kind.settings()) {
        if (setting.secret()
            && settings.containsKey(setting.field())
            && !fields.has(setting.field())) {
          throw RefusedException.badInput(
              "%s changes, and %s was given for the former one: write %s as well"
                  .formatted(where, setting.field(), setting.field()));
        }
      }
    }
  }

  private static boolean removes(
      Fields fields, Optional<DestinationConfig> before, DestinationKind kind) {
    boolean removes = removes(fields, before);
    if (removes && !kind.removes()) {
      throw RefusedException.badInput(
          "on_delete is \"delete\"; must be keep for the kind %s: what it writes to is somebody else's, who would be without"
              .formatted(kind.name()));
    }
    return removes;
  }

  private static boolean removes(Fields fields, Optional<DestinationConfig> before) {
    var sent = fields.text("on_delete");
    if (sent.isEmpty() && before.isPresent()) {
      return before.get().removes();
    }
    var word = sent.orElse(DestinationConfig.KEEP);
    return switch (word) {
      case DestinationConfig.KEEP -> false;
      case DestinationConfig.DELETE -> true;
      default ->
          throw RefusedException.badInput(
              "on_delete is \"%s\"; must be one of keep, delete".formatted(word));
    };
  }

  private static List<String> users(StaticRoleStore credentials, String destination)
      throws InterruptedException {
    return names(credentials.storage().staticRoles(), role -> uses(role, destination));
  }

  private static <T> List<String> names(Folder<T> folder, Predicate<T> which)
      throws InterruptedException {
    var names = new ArrayList<String>();
    for (var batch : Folder.batches(folder.names())) {
      folder.each(
          batch,
          found -> {
            if (found instanceof Found.Document<T>(var name, var document)
                && which.test(document)) {
              names.add(name);
            }
          });
    }
    return names;
  }

  /** Returns the static roles that do not name it any more, and know of something there. */
  private static List<String> leaving(StaticRoleStore credentials, String destination)
      throws InterruptedException {
    return names(
        credentials.storage().staticCredentials(),
        credential ->
            credential.deliveries().stream().anyMatch(it -> it.destination().equals(destination)));
  }

  private static boolean uses(StaticRole role, String destination) {
    return role.destinations().stream().anyMatch(it -> it.destination().equals(destination));
  }

  /** What is there already is not written again. */
  private void sendAgain(StaticRoleStore credentials, String name, String destination)
      throws InterruptedException {
    try (var _ = credentials.lock(name)) {
      var role = credentials.role(name);
      var credential = credentials.get(name);
      if (role.isPresent() && credential.isPresent()) {
        credentials.put(
            name,
            Deliveries.wanted(
                credential.get(),
                role.get(),
                it -> it.destination().equals(destination),
                time.now()));
      }
    }
  }

  private Reply delete(Request request, String name) throws InterruptedException {
    var credentials = staticRoles.of(request);
    try (var _ = credentials.lockPlaces()) {
      var entry = credentials.storage().destinations().entry(name);
      refuseUsed(name, entry.get(), credentials);
      entry.delete();
      return new Reply.Nothing();
    }
  }
}
