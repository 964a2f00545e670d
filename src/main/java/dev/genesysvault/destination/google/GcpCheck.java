package dev.genesysvault.destination.google;

import com.google.api.gax.rpc.StatusCode.Code;
import dev.genesysvault.destination.Destination.Finding;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.resilience.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tries what a destination needs, and changes nothing. */
final class GcpCheck {
  private static final String LOG_IN = "log_in";
  private static final String SECRET = "secret";
  private static final String PERMISSIONS = "permissions";

  private final Secrets secrets;
  private final GcpSettings settings;

  GcpCheck(Secrets secrets, GcpSettings settings) {
    this.secrets = secrets;
    this.settings = settings;
  }

  /** Whether there is a secret, as far as that is seen. */
  private enum Presence {
    THERE,
    MISSING,
    UNSEEN
  }

  /** Tries the log-in, and where it succeeds the rest. */
  List<Finding> findings(String entry, Deadline deadline) throws InterruptedException {
    var findings = new ArrayList<Finding>();
    try {
      // Everybody may ask this, so that a refusal is one of the log-in.
      var reply = secrets.granted(entry, needed().stream().map(Ask::permission).toList(), deadline);
      var granted = reply.notFound() ? Set.<String>of() : reply.must();
      findings.add(new Finding(LOG_IN, true, "logged in as " + settings.who()));
      // No permission is granted on a secret that does not exist.
      var presence = granted.isEmpty() ? presence(entry, deadline) : Presence.THERE;
      findings.add(secret(entry, presence));
      findings.add(permissions(granted, presence));
    } catch (NotDoneException e) {
      findings.add(
          new Finding(findings.isEmpty() ? LOG_IN : SECRET, false, e.failure().why().text()));
    }
    return List.copyOf(findings);
  }

  private List<Ask> needed() {
    var needed = new ArrayList<>(List.of(Ask.ACCESS, Ask.ADD, Ask.LIST, Ask.VERSION));
    needed.add(settings.destroyFormer() ? Ask.DESTROY : Ask.DISABLE);
    if (!settings.alias().isEmpty()) {
      needed.add(Ask.SECRET);
      needed.add(Ask.UPDATE);
    }
    return needed;
  }

  private Presence presence(String entry, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var secret = secrets.secret(entry, deadline);
    if (secret.notFound()) {
      return Presence.MISSING;
    }
    if (secret.is(Code.PERMISSION_DENIED)) {
      return Presence.UNSEEN;
    }
    secret.must();
    return Presence.THERE;
  }

  private Finding secret(String entry, Presence presence) {
    boolean made = settings.create().isPresent();
    return switch (presence) {
      case THERE -> new Finding(SECRET, true, "%s exists".formatted(settings.secret(entry)));
      case MISSING ->
          new Finding(
              SECRET,
              made,
              made
                  ? "%s does not exist, and is made when it is sent to first"
                      .formatted(settings.secret(entry))
                  : "%s does not exist: make it, or set create_secret"
                      .formatted(settings.secret(entry)));
      case UNSEEN ->
          new Finding(
              SECRET,
              true,
              "not seen: there is no secret %s, or no permission for it; permissions says which are missing"
                  .formatted(settings.secret(entry)));
    };
  }

  private Finding permissions(Set<String> granted, Presence presence) {
    if (presence == Presence.MISSING) {
      return new Finding(
          PERMISSIONS,
          true,
          "not seen before there is such a secret; %s needs on the project %s%s"
              .formatted(
                  settings.who(),
                  settings.create().isPresent() ? Ask.CREATE.needed() + ", " : "",
                  words(needed())));
    }
    var lacks = needed().stream().filter(ask -> !granted.contains(ask.permission())).toList();
    return lacks.isEmpty()
        ? new Finding(PERMISSIONS, true, "all that is needed for this entry")
        : new Finding(
            PERMISSIONS,
            false,
            "%s lacks %s: grant that on the secret or its project"
                .formatted(settings.who(), words(lacks)));
  }

  private static String words(List<Ask> asks) {
    return String.join(", ", asks.stream().map(Ask::needed).toList());
  }
}
