package dev.genesysvault.simulator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /api/v2/integrations/credentials}: never with what one holds, unless it is no secret. */
final class CredentialsEndpoint {
  static final String PATH = "/api/v2/integrations/credentials";
  static final String LIST = PATH + "/listing";

  private static final String VIEW = "integrations:integration:view";
  private static final String EDIT = "integrations:integration:edit";
  private static final int LARGEST_PAGE = 200;

  /** Which fields each type has. */
  private static final Map<String, Set<String>> TYPES =
      Map.of(
          "pureCloudOAuthClient",
          Set.of("clientId", "clientSecret"),
          "basicAuth",
          Set.of("userName", "password"));

  private final World world;

  CredentialsEndpoint(World world) {
    this.world = world;
  }

  SimulatedReply get(Caller caller, String id) {
    caller.needsAny(VIEW);
    var credential = credential(id);
    var dated = world.knobs.is(Knob.INTEGRATION_CREDENTIAL_SHOWN, "modifiedDate too");
    var shown = dated ? credential.info() : credential.shown();
    var fields = new LinkedHashMap<>(credential.fields());
    boolean named = world.knobs.is(Knob.INTEGRATION_CREDENTIAL_SHOWN, "clientId too");
    fields.keySet().removeIf(field -> !named || !field.equals("clientId"));
    shown.put("credentialFields", fields);
    return SimulatedReply.json(200, shown);
  }

  SimulatedReply replace(Caller caller, String id, SimulatedRequest request) {
    caller.needsAny(EDIT);
    var credential = credential(id);
    var body = request.json();
    if (!(body.get("name") instanceof String name) || name.isBlank()) {
      throw SimulatedError.of(400, "constraint.validation", "name is required");
    }
    if (!(body.get("type") instanceof Map<?, ?> type)
        || !credential.type().equals(type.get("name"))) {
      throw SimulatedError.of(
          400, "bad.request", "type is %s, and cannot change".formatted(credential.type()));
    }
    if (!(body.get("credentialFields") instanceof Map<?, ?> sent)
        || !TYPES.getOrDefault(credential.type(), Set.of()).equals(sent.keySet())) {
      throw SimulatedError.of(
          400, "bad.request", "credentialFields are not those of " + credential.type());
    }
    var fields = new LinkedHashMap<String, Object>();
    sent.forEach((field, text) -> fields.put(String.valueOf(field), String.valueOf(text)));
    credential.replace(name, credential.type(), fields, world.now());
    return SimulatedReply.json(200, credential.info());
  }

  /** A cursor is the number of those that were shown. */
  SimulatedReply list(Caller caller, SimulatedRequest request) {
    caller.needsAny(VIEW);
    var all = List.copyOf(world.credentials());
    int size = Math.clamp(number(request, "pageSize", 25), 1, LARGEST_PAGE);
    int from = Math.clamp(number(request, "after", 0), 0, all.size());
    int to = Math.min(all.size(), from + size);
    var listing = new LinkedHashMap<String, Object>();
    listing.put("entities", all.subList(from, to).stream().map(SimulatedCredential::info).toList());
    if (to < all.size()) {
      listing.put("nextUri", "%s?after=%d&pageSize=%d".formatted(LIST, to, size));
    }
    listing.put("selfUri", LIST);
    return SimulatedReply.json(200, listing);
  }

  private static int number(SimulatedRequest request, String parameter, int otherwise) {
    try {
      return request.parameter(parameter).map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException _) {
      throw SimulatedError.badRequest("%s is no number".formatted(parameter));
    }
  }

  private SimulatedCredential credential(String id) {
    return world.credential(id).orElseThrow(SimulatedError::notFound);
  }
}
