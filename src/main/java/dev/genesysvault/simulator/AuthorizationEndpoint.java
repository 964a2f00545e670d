package dev.genesysvault.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The simulated divisions, roles, grants, tokens and the organisation: what a caller can look at.
 */
final class AuthorizationEndpoint {
  private static final int DEFAULT_PAGE_SIZE = 25;

  private final World world;

  AuthorizationEndpoint(World world) {
    this.world = world;
  }

  SimulatedReply organization() {
    return SimulatedReply.json(
        200,
        Map.of(
            "id",
            world.organizationId(),
            "name",
            Seed.ORGANIZATION_NAME,
            "selfUri",
            "/api/v2/organizations/" + world.organizationId()));
  }

  SimulatedReply divisions(Caller caller, SimulatedRequest request) {
    boolean all =
        world.knobs.is(Knob.DIVISIONS_LISTED, "all")
            || caller.grants().stream().anyMatch(grant -> grant.divisionId().equals(Division.ALL));
    var shown =
        world.divisions().stream()
            .filter(division ->
                all
                    || caller.grants().stream()
                        .anyMatch(grant -> grant.divisionId().equals(division.id())))
            .map(Division::shown)
            .toList();
    return page(shown, request);
  }

  SimulatedReply homeDivision() {
    return SimulatedReply.json(
        200, world.divisions().stream().filter(Division::home).findFirst().orElseThrow().shown());
  }

  SimulatedReply division(String id) {
    return SimulatedReply.json(
        200, world.division(id).orElseThrow(SimulatedError::notFound).shown());
  }

  SimulatedReply roles(Caller caller, SimulatedRequest request) {
    caller.needsAny("authorization:role:view");
    return page(world.roles().stream().map(SimulatedRole::shown).toList(), request);
  }

  SimulatedReply role(Caller caller, String id) {
    caller.needsAny("authorization:role:view");
    return SimulatedReply.json(200, world.role(id).orElseThrow(SimulatedError::notFound).shown());
  }

  SimulatedReply subject(Caller caller, String id) {
    caller.needsAny("authorization:grant:view");
    var client = world.client(id).orElseThrow(SimulatedError::notFound);
    return subject(client, world.grants(client));
  }

  SimulatedReply ownSubject(Caller caller) {
    return subject(caller.client(), caller.grants());
  }

  private SimulatedReply subject(SimulatedClient client, Set<Grant> held) {
    var grants = new ArrayList<Map<String, Object>>();
    for (var grant : held) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put("subjectId", client.id);
      shown.put(
          "division",
          world.division(grant.divisionId()).map(Division::shown).orElseGet(Division::shownAll));
      shown.put(
          "role",
          world
              .role(grant.roleId())
              .map(SimulatedRole::shown)
              .orElseGet(() -> Map.of("id", grant.roleId())));
      shown.put("grantMadeAt", client.created.toString());
      grants.add(shown);
    }
    return SimulatedReply.json(
        200,
        Map.of(
            "id",
            client.id,
            "name",
            client.name(),
            "grants",
            grants,
            "version",
            1,
            "selfUri",
            "/api/v2/authorization/subjects/" + client.id));
  }

  SimulatedReply token(Caller caller) {
    var organization = Map.of("id", world.organizationId(), "name", Seed.ORGANIZATION_NAME);
    var client = caller.client().shown();
    client.put("organization", Map.of("id", world.organizationId()));
    var after = world.knobs.seconds(Knob.OWN_CLIENT_DELETED_AFTER_SECONDS);
    if (!after.isZero()) {
      client.put("dateToDelete", caller.client().created.plus(after).toString());
    }
    return SimulatedReply.json(
        200,
        Map.of(
            "organization", organization, "homeOrganization", organization, "OAuthClient", client));
  }

  SimulatedReply deleteToken(Caller caller) {
    world.revokeToken(caller.token());
    return SimulatedReply.json(200, Map.of());
  }

  private static SimulatedReply page(List<Map<String, Object>> all, SimulatedRequest request) {
    int size = number(request.parameter("pageSize"), DEFAULT_PAGE_SIZE);
    int number = number(request.parameter("pageNumber"), 1);
    int from = Math.min(all.size(), (number - 1) * size);
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("entities", all.subList(from, Math.min(all.size(), from + size)));
    page.put("pageSize", size);
    page.put("pageNumber", number);
    page.put("total", all.size());
    page.put("pageCount", (all.size() + size - 1) / size);
    return SimulatedReply.json(200, page);
  }

  private static int number(Optional<String> text, int otherwise) {
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Told below, as a number out of range is.
    }
    throw SimulatedError.of(
        400,
        "invalid.query.param.value",
        "Value [%s] is not valid for a page parameter. Allowable values are: 1 and more"
            .formatted(text.get()));
  }
}
