package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.lifecycle.FoundClient;
import dev.genesysvault.resilience.Locks;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which present clients of static roles were last seen gone or inactive at Genesys, by whichever
 * look: their readers hold a dead credential. In memory, and not looked for by itself.
 */
public final class PresentClients {
  private static final Logger LOG = LoggerFactory.getLogger(PresentClients.class);

  private final Locks.Monitor monitor;
  private final Map<String, Dead> byRole = new HashMap<>();

  /** Makes one that knows of nothing. */
  public PresentClients(Locks locks) {
    this.monitor = locks.monitor();
  }

  private record Dead(ClientId id, String why) {}

  /** Takes note of a look at a client of a role. */
  public void saw(String role, ClientId id, Outcome<FoundClient> look) {
    switch (look) {
      case Ok<FoundClient>(var found) when found.deleted() -> dead(role, id, "is deleted");
      case Ok<FoundClient>(var found) when found.body().text("state").equals("inactive") ->
          dead(role, id, "is inactive");
      case Ok<FoundClient> _ -> well(role);
      case Failed<FoundClient>(Refused refused) when refused.notFound() ->
          dead(role, id, "is gone");
      case Failed<FoundClient> _ -> {
        // Nothing was seen.
      }
    }
  }

  /** Takes note that readers get a client that does what it shall, or that there is no role. */
  void well(String role) {
    monitor.lock();
    try {
      byRole.remove(role);
    } finally {
      monitor.unlock();
    }
  }

  private void dead(String role, ClientId id, String state) {
    var why =
        "client %s %s at Genesys, by somebody else's hand, so that it does not log in: write rotate-role/%s for another one, or activate it again"
            .formatted(id, state, role);
    var news = new Dead(id, why);
    monitor.lock();
    try {
      if (news.equals(byRole.put(role, news))) {
        return;
      }
    } finally {
      monitor.unlock();
    }
    LOG.atWarn().addKeyValue("static_role", role).log(why);
  }

  /**
   * Returns why a role's present client does not log in, with what to do; empty where nobody knows
   * of that.
   *
   * @param clientId of the present client
   */
  public Optional<String> trouble(String role, String clientId) {
    monitor.lock();
    try {
      return Optional.ofNullable(byRole.get(role))
          .filter(dead -> dead.id().value().equals(clientId))
          .map(Dead::why);
    } finally {
      monitor.unlock();
    }
  }
}
