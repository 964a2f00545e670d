package dev.genesysvault.engine;

import dev.genesysvault.engine.dynamicroles.DecommissionedHandler;
import dev.genesysvault.engine.request.Handler;
import dev.genesysvault.engine.request.Listing;
import dev.genesysvault.engine.staticroles.HistoryHandler;
import java.util.Map;

/** The paths of what is kept for whoever audits: {@code history/} and {@code decommissioned/}. */
final class HistoryPaths {
  private HistoryPaths() {}

  static Map<String, Handler> handlers() {
    var rotations = new HistoryHandler();
    var clients = new DecommissionedHandler();
    return Map.of(
        "history/list",
        new Listing(request -> request.storage().rolesWithHistory()),
        "history/name",
        new Listing(rotations::ids),
        "history/id",
        rotations::one,
        "decommissioned/list",
        new Listing(request -> request.storage().hoursOfDecommissioned()),
        "decommissioned/hour",
        new Listing(clients::ids),
        "decommissioned/id",
        clients::one);
  }
}
