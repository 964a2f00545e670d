package dev.genesysvault.engine.staticroles;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.engine.mount.MountStaticRoles;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.engine.template.RoleResolution;
import dev.genesysvault.engine.template.TemplateFields;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.rotation.Deliveries;
import dev.genesysvault.rotation.RotationRequests;
import dev.genesysvault.rotation.RotationSchedule;
import dev.genesysvault.rotation.StaticRoleStore;
import dev.genesysvault.storage.Asker;
import dev.genesysvault.storage.ClientTemplate;
import dev.genesysvault.storage.OnDelete;
import dev.genesysvault.storage.StaticCredential;
import dev.genesysvault.storage.StaticCredential.Phase;
import dev.genesysvault.storage.StaticRole;
import dev.genesysvault.storage.UsageCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code static-roles/<name>}: what a steady credential may do, and when it is rotated. */
public final class StaticRoleHandler implements Handler {
  /** How long a write waits for the role's first client, and a deletion for its end. */
  static final Duration PATIENCE = Duration.ofSeconds(45);

  /** Kept of a request's time for its reply. */
  static final Duration RESERVE = Duration.ofSeconds(5);

  private final Connections connections;
  private final MountStaticRoles staticRoles;
  private final RotationRequests requests;
  private final Time time;

  public StaticRoleHandler(
      Connections connections, MountStaticRoles staticRoles, RotationRequests requests, Time time) {
    this.connections = connections;
    this.staticRoles = staticRoles;
    this.requests = requests;
    this.time = time;
  }

  @Override
  public Reply handle(Request request) throws InterruptedException {
    var name = request.capture("name");
    return switch (request.operation()) {
      case READ ->
          request
              .snapshot()
              .staticRoles()
              .entry(name)
              .get()
              .<Reply>map(role -> Reply.of(shown(role)))
              .orElseGet(Reply.Nothing::new);
      case CREATE, UPDATE -> write(request, name);
      case DELETE -> new RoleDeletion(staticRoles.of(request), time).delete(request, name);
      case LIST, RENEW, REVOKE, ROLLBACK -> new Reply.UnsupportedOperation();
    };
  }

  private static Map<String, Object> shown(StaticRole role) {
    var data = new LinkedHashMap<String, Object>();
    TemplateFields.show(role.client(), data);
    data.put("rotation_period", role.timing().period().toSeconds());
    data.put("rotation_schedule", role.timing().schedule());
    data.put("rotation_window", role.timing().window().toSeconds());
    data.put("grace_period", role.timing().grace().toSeconds());
    data.put("stagger", role.timing().stagger().toSeconds());
    data.put("verify", role.verifies());
    data.put("usage_check", role.usageCheck().word());
    data.put("usage_check_max_wait", role.timing().usageWait().toSeconds());
    data.put("on_delete", role.onDelete().word());
    data.put("destinations", DestinationFields.shown(role.destinations()));
    return data;
  }

  private Reply write(Request request, String name) throws InterruptedException {
    var credentials = staticRoles.of(request);
    var warnings = new ArrayList<String>();
    boolean first;
    try (var _ = credentials.lock(name)) {
      var before = credentials.role(name);
      var credential = credentials.get(name);
      refuseWhileDeleting(request, name, credential);
      var role = merged(request, before);
      boolean defer = request.fields().flagOrDefault("defer_initial_creds");
      boolean isNew = before.isEmpty() || credential.isEmpty();
      first = isNew && !defer;
      Stored store =
          () -> {
            if (isNew) {
              create(credentials, name, role, credential, defer);
            } else {
              update(
                  credentials,
                  name,
                  role,
                  before.orElseThrow(),
                  credential.orElseThrow(),
                  warnings);
            }
          };
      store(credentials, name, role, before, store);
    }
    if (first) {
      FirstClient.await(request, credentials, name, warnings);
    }
    return Reply.written(warnings);
  }

  /** Writes a role and its credential. */
  @FunctionalInterface
  private interface Stored {
    void write() throws InterruptedException;
  }

  /** Nobody else may claim the same entries of destinations meanwhile. */
  private static void store(
      StaticRoleStore credentials,
      String name,
      StaticRole role,
      Optional<StaticRole> before,
      Stored store)
      throws InterruptedException {
    if (role.destinations().isEmpty()
        || before.map(StaticRole::destinations).equals(Optional.of(role.destinations()))) {
      store.write();
      return;
    }
    try (var _ = credentials.lockPlaces()) {
      DestinationFields.check(name, role.destinations(), credentials);
      store.write();
    }
  }

  private static void refuseWhileDeleting(
      Request request, String name, Optional<StaticCredential> credential) {
    if (credential.map(StaticCredential::phase).filter(Phase.DELETING::equals).isPresent()) {
      throw new RefusedException(
          503,
          "static role %s is being deleted: try again once %sstatic-roles/%s/status does not show it any more"
              .formatted(name, request.mount().path(), name));
    }
  }

  /** The credential is there before its role: one without the other is not taken for a role. */
  private void create(
      StaticRoleStore credentials,
      String name,
      StaticRole role,
      Optional<StaticCredential> orphan,
      boolean defer)
      throws InterruptedException {
    var due = defer ? null : time.now();
    var credential =
        StaticCredential.empty()
            .with(draft -> {
              draft.nextRotation = due;
              draft.original = template(role);
            });
    // Whose role was lost may have clients, which are the role's again.
    var kept = orphan.filter(StaticRoleHandler::hasClients).orElse(credential);
    credentials.put(name, Deliveries.wanted(kept, role, _ -> true, time.now()));
    credentials.storage().staticRoles().entry(name).put(role);
  }

  private static boolean hasClients(StaticCredential credential) {
    return credential.current() != null
        || credential.next() != null
        || !credential.retired().isEmpty();
  }

  private void update(
      StaticRoleStore credentials,
      String name,
      StaticRole role,
      StaticRole before,
      StaticCredential credential,
      List<String> warnings)
      throws InterruptedException {
    if (Deliveries.sentNext(credential)
        && !role.client().templateClientId().equals(before.client().templateClientId())) {
      throw RefusedException.badInput(
          "template_client_id changes while the next client of static role %s is being sent to destinations: try again once static-roles/%s/status shows another phase than created"
              .formatted(name, name));
    }
    var safe = withReadersTime(credential, before.timing().grace(), role.timing().grace());
    if (!safe.equals(credential)) {
      // Before the shorter grace: what readers were told must not be lost between two writes.
      credentials.put(name, safe);
    }
    credentials.storage().staticRoles().entry(name).put(role);
    var last = credential.lastRotation();
    var next =
        last == null || role.timing().sameTimes(before.timing())
            ? safe.nextRotation()
            : next(credentials, name, role, last);
    var kept =
        role.client().makesAlike(before.client())
            ? safe
            : requests.withoutNext(name, safe, credentials);
    var sent =
        Deliveries.wanted(kept, role, entry -> !before.destinations().contains(entry), time.now());
    credentials.put(
        name,
        sent.with(draft -> {
          draft.nextRotation = next;
          if (!role.client().templateClientId().equals(before.client().templateClientId())) {
            draft.original = template(role);
          }
        }));
    if (last != null && !role.client().makesAlike(before.client())) {
      warnings.add(
          "the present client stays as it is: the change comes with the next rotation; write rotate-role/%s for it now"
              .formatted(name));
    }
  }

  /** A slot that was none when it passed is not caught up, and a shorter period is due now. */
  private Instant next(StaticRoleStore credentials, String name, StaticRole role, Instant last) {
    var schedule = new RotationSchedule(role.timing(), credentials.mountUuid(), name);
    // As its writer's, so that the rotation knows who has made it due.
    var now = Optional.ofNullable(role.writtenBy()).map(Asker::time).orElseGet(time::now);
    var next = schedule.nextAfter(role.timing().scheduled() ? now : last);
    return next.isBefore(now) ? now : next;
  }

  /** Readers were told to come back within half of the longer grace. */
  private StaticCredential withReadersTime(
      StaticCredential credential, Duration former, Duration grace) {
    var until = time.now().plus(former);
    var known = credential.readUntil();
    return grace.compareTo(former) >= 0 || (known != null && known.isAfter(until))
        ? credential
        : credential.with(draft -> draft.readUntil = until);
  }

  private static @Nullable ClientId template(StaticRole role) {
    var id = role.client().templateClientId();
    return id.isEmpty() ? null : new ClientId(id);
  }

  private StaticRole merged(Request request, Optional<StaticRole> before)
      throws InterruptedException {
    var fields = request.fields();
    var usageCheck =
        choice(fields, "usage_check", before.map(StaticRole::usageCheck), UsageCheck.class);
    boolean waits = usageCheck == UsageCheck.WAIT;
    var timing =
        new TimingFields(fields, before.map(StaticRole::timing), waits, time.now()).merged();
    boolean verifies =
        fields
            .flag("verify")
            .or(() -> before.map(StaticRole::verifies))
            .orElse(fields.flagDefault("verify"));
    var onDelete = choice(fields, "on_delete", before.map(StaticRole::onDelete), OnDelete.class);
    return new StaticRole(
        client(request, before),
        timing,
        verifies,
        usageCheck,
        onDelete,
        DestinationFields.merged(
            fields,
            request.capture("name"),
            before.map(StaticRole::destinations).orElse(List.of())),
        request.asker("role", time.now()),
        before.map(StaticRole::unknown).orElse(Map.of()));
  }

  /** Returns the constant whose lower-case name was sent, else the one before, else the default. */
  private static <E extends Enum<E>> E choice(
      Fields fields, String field, Optional<E> before, Class<E> kind) {
    var sent = fields.text(field);
    if (sent.isEmpty() && before.isPresent()) {
      return before.get();
    }
    var text = sent.orElse(fields.textDefault(field));
    var words = new TreeMap<String, E>();
    for (var known : kind.getEnumConstants()) {
      words.put(known.name().toLowerCase(Locale.ROOT), known);
    }
    return Optional.ofNullable(words.get(text))
        .orElseThrow(() ->
            RefusedException.badInput(
                "%s is \"%s\"; must be one of %s"
                    .formatted(field, text, String.join(", ", words.keySet()))));
  }

  private ClientTemplate client(Request request, Optional<StaticRole> before)
      throws InterruptedException {
    var fields = request.fields();
    var former = before.map(StaticRole::client);
    boolean given =
        fields.has("role_divisions")
            || fields.text("template_client_id").filter(text -> !text.isEmpty()).isPresent();
    if (!given && former.isEmpty() && request.fields().flagOrDefault("defer_initial_creds")) {
      return new TemplateFields(fields, former).merged(Set.of(), "");
    }
    var client = new RoleResolution(request, connections, staticRoles).template(former);
    // A copy follows its original, not what that was when the role was written.
    return client.templateClientId().isEmpty()
        ? client
        : new TemplateFields(fields, former).merged(Set.of(), client.templateClientId());
  }
}
