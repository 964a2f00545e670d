package dev.genesysvault.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v2/oauth/clients}. */
final class ClientsEndpoint {
  private static final String PATH = "/api/v2/oauth/clients";
  private static final Set<String> GRANT_TYPES =
      Set.of("CODE", "TOKEN", "SAML2-BEARER", "PASSWORD", "CLIENT-CREDENTIALS");
  private static final Set<String> STATES = Set.of("active", "disabled", "inactive");
  private static final long SHORTEST_TOKEN_SECONDS = 300;
  private static final long LONGEST_TOKEN_SECONDS = 172_800;

  private final World world;
  private final StoredText texts;
  private final ShownPairs pairs;

  ClientsEndpoint(World world) {
    this.world = world;
    this.texts = new StoredText(world.knobs);
    this.pairs = new ShownPairs(world.knobs);
  }

  /** Query parameters count for nothing, but for those of a page that it has named itself. */
  SimulatedReply list(Caller caller, SimulatedRequest request) {
    caller.needsAny("oauth:client:view");
    var lag = world.knobs.seconds(Knob.LIST_LAG_SECONDS);
    var kept = world.knobs.seconds(Knob.LIST_KEEPS_DELETED_SECONDS);
    var entities =
        world.clientsDeletedAfter(world.now().minus(kept)).stream()
            .filter(client -> !world.now().isBefore(client.created.plus(lag)))
            .map(SimulatedClient::shownAsBefore)
            .toList();
    int size = world.knobs.number(Knob.LIST_PAGE_SIZE);
    int pages = size == 0 ? 1 : Math.max(1, (entities.size() + size - 1) / size);
    int number =
        size == 0
            ? 1
            : request.parameter("pageNumber").map(Integer::parseInt).filter(n -> n > 1).orElse(1);
    int shown = world.knobs.is(Knob.LIST_PAGES, "same") ? 1 : number;
    int from = Math.min(entities.size(), (shown - 1) * size);
    int to = size == 0 ? entities.size() : Math.min(entities.size(), from + size);
    Map<String, Object> listing = new LinkedHashMap<>();
    listing.put("entities", entities.subList(from, to));
    listing.put("pageSize", size == 0 ? entities.size() : size);
    listing.put("pageNumber", number);
    listing.put("total", entities.size());
    if (number < pages) {
      nextUri(request, number + 1).ifPresent(uri -> listing.put("nextUri", uri));
    }
    listing.put("selfUri", PATH);
    listing.put("pageCount", pages);
    return SimulatedReply.json(200, listing);
  }

  private Optional<String> nextUri(SimulatedRequest request, int number) {
    var next = PATH + "?pageNumber=" + number;
    return switch (world.knobs.text(Knob.LIST_NEXT_URI)) {
      case "address" -> Optional.of("http://" + request.header("host").orElse("localhost") + next);
      case "elsewhere" -> Optional.of("https://elsewhere.example.test" + next);
      case "none" -> Optional.empty();
      default -> Optional.of(next);
    };
  }

  SimulatedReply create(Caller caller, SimulatedRequest request) {
    caller.needsAny("oauth:client:add");
    var body = request.json();
    check(body, caller);
    if (world.knobs.is(Knob.IP_ALLOWLIST, "required") && !body.containsKey("ipAllowlist")) {
      throw SimulatedError.of(400, "constraint.validation", "ipAllowlist is required");
    }
    var client = world.create(texts.of(kept(body)), caller.client());
    return SimulatedReply.json(
        world.knobs.number(Knob.CREATE_STATUS), pairs.withSecret(client.shownWithSecret()));
  }

  /** Returns a body as it arrives: where knobs say so, without its last pair, or with another. */
  private Map<String, Object> kept(Map<String, Object> body) {
    if (!(body.get("roleDivisions") instanceof List<?> asked)) {
      return body;
    }
    var kept = new ArrayList<Object>(asked);
    if (kept.size() > 1 && world.knobs.is(Knob.DIVISION_DROPPED_ON_CREATE, "yes")) {
      kept.removeLast();
    }
    if (world.knobs.is(Knob.DIVISION_ADDED_ON_CREATE, "yes")) {
      kept.add(Map.of("roleId", Seed.ROLE_READER, "divisionId", Seed.DIVISION_HOME));
    }
    Map<String, Object> changed = new LinkedHashMap<>(body);
    changed.put("roleDivisions", kept);
    return changed;
  }

  SimulatedReply get(Caller caller, String id) {
    caller.needsAny("oauth:client:view");
    return SimulatedReply.json(200, pairs.of(visible(id).shown()));
  }

  SimulatedReply replace(Caller caller, String id, SimulatedRequest request) {
    caller.needsAny("oauth:client:edit");
    var client = live(id);
    var body = request.json();
    check(body, caller);
    boolean becomesInactive =
        client.state().equals("active") && !"active".equals(body.getOrDefault("state", "active"));
    client.replace(texts.of(body), world.now());
    if (becomesInactive && world.knobs.is(Knob.TOKENS_AFTER_INACTIVE, "revoked")) {
      world.revokeTokensOf(client);
    }
    return SimulatedReply.json(200, pairs.of(client.shown()));
  }

  SimulatedReply delete(Caller caller, String id) {
    caller.needsAny("oauth:client:delete");
    var client = live(id);
    if (!client.state().equals("inactive")) {
      throw SimulatedError.of(
          400,
          "cannot.delete.client",
          "Clients must be marked as inactive to be eligible for deletion.");
    }
    refuseOld(client);
    client.delete(world.now());
    if (world.knobs.is(Knob.TOKENS_AFTER_DELETE, "revoked")) {
      world.revokeTokensOf(client);
    }
    return SimulatedReply.empty(world.knobs.number(Knob.DELETE_STATUS));
  }

  SimulatedReply regenerateSecret(Caller caller, String id) {
    caller.needsAny("oauth:client:edit");
    var client = live(id);
    client.renewSecret(
        world.hex(32),
        world.now().plus(world.knobs.seconds(Knob.REGENERATED_SECRET_DELAY_SECONDS)));
    if (world.knobs.is(Knob.TOKENS_AFTER_REGENERATE, "revoked")) {
      world.revokeTokensOf(client);
    }
    return SimulatedReply.json(200, pairs.withSecret(client.shownWithSecret()));
  }

  private void refuseOld(SimulatedClient client) {
    var now = world.now();
    var young = world.knobs.seconds(Knob.OLD_CLIENT_SECONDS);
    var rest = world.knobs.seconds(Knob.INACTIVE_BEFORE_DELETION_SECONDS);
    boolean old = now.isAfter(client.created.plus(young));
    boolean longInactive = now.isAfter(client.modified().plus(rest));
    if (old && !longInactive && !world.knobs.is(Knob.DELETE_OLD_CLIENT, "ok")) {
      throw SimulatedError.of(
          world.knobs.number(Knob.DELETE_OLD_CLIENT),
          "cannot.delete.client",
          "An old client must be inactive for a while before it is deleted.");
    }
  }

  /** Returns a client that exists and is visible yet. */
  SimulatedClient live(String id) {
    var client = world.client(id).filter(found -> found.deleted().isEmpty());
    var delay = world.knobs.seconds(Knob.VISIBILITY_DELAY_SECONDS);
    return client
        .filter(found -> !world.now().isBefore(found.created.plus(delay)))
        .orElseThrow(SimulatedError::notFound);
  }

  /** Returns a client that may also be shown as deleted for a while. */
  private SimulatedClient visible(String id) {
    var shownFor = world.knobs.seconds(Knob.DELETED_VISIBLE_SECONDS);
    var deleted =
        world
            .client(id)
            .filter(client ->
                client.deleted().filter(at -> world.now().isBefore(at.plus(shownFor))).isPresent());
    return deleted.orElseGet(() -> live(id));
  }

  private void check(Map<String, Object> body, Caller caller) {
    if (!(body.get("name") instanceof String name) || name.isBlank()) {
      throw SimulatedError.of(400, "constraint.validation", "name is required");
    }
    var grantType = body.get("authorizedGrantType");
    if (grantType == null) {
      throw SimulatedError.of(400, "grant.type.required", "Grant type is required.");
    }
    if (!GRANT_TYPES.contains(String.valueOf(grantType))) {
      throw SimulatedError.of(400, "bad.grant.type", "Invalid grant type.");
    }
    checkValues(body);
    if (!grantType.equals("CLIENT-CREDENTIALS")) {
      return;
    }
    var grants = Grant.of(body);
    boolean legacyRoles = body.get("roleIds") instanceof List<?> roles && !roles.isEmpty();
    if (grants.isEmpty() && !legacyRoles) {
      throw SimulatedError.of(400, "missing.client.roles", "Client roles are missing.");
    }
    caller.mayGrant(grants);
  }

  private void checkValues(Map<String, Object> body) {
    if (body.get("accessTokenValiditySeconds") instanceof Number seconds
        && (seconds.longValue() < SHORTEST_TOKEN_SECONDS
            || seconds.longValue() > LONGEST_TOKEN_SECONDS)) {
      throw SimulatedError.of(
          400,
          world.knobs.text(Knob.TOKEN_VALIDITY_CODE),
          "Value [%s] is not valid for field type [accessTokenValiditySeconds]. Allowable values are: 300 to 172800"
              .formatted(seconds));
    }
    var state = body.getOrDefault("state", "active");
    if (!STATES.contains(String.valueOf(state))) {
      throw SimulatedError.of(
          400,
          "invalid.value",
          "Value [%s] is not valid for field type [state]. Allowable values are: %s"
              .formatted(state, STATES));
    }
  }
}
