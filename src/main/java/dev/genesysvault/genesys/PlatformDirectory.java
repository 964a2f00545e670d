package dev.genesysvault.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.upstream.Directory;
import dev.genesysvault.upstream.Grants;
import dev.genesysvault.upstream.TokenOwner;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Optional;

/** The mount's own client and its organisation by the Platform API. */
final class PlatformDirectory implements Directory {
  /** As many as Genesys' own tools ask for. */
  private static final int DIVISIONS_A_PAGE = 100;

  private final PlatformApi api;

  PlatformDirectory(PlatformApi api) {
    this.api = api;
  }

  @Override
  public Outcome<Organization> organization(CallContext context) throws InterruptedException {
    return api.call(
        ApiCall.get("/api/v2/organizations/me"), context, PlatformDirectory::organization);
  }

  @Override
  public Outcome<Grants> ownGrants(CallContext context) throws InterruptedException {
    var held = new HeldGrants();
    return api.stream(
            ApiCall.get("/api/v2/authorization/subjects/me"),
            context,
            new PlatformApi.Streaming(held::read, held::readable))
        .map(_ -> held.grants());
  }

  @Override
  public Outcome<String> homeDivision(CallContext context) throws InterruptedException {
    return api.call(
        ApiCall.get("/api/v2/authorization/divisions/home"),
        context,
        division -> Optional.of(division.path("id").asText("")).filter(id -> !id.isBlank()));
  }

  @Override
  public Outcome<TokenOwner> tokenOwner(CallContext context) throws InterruptedException {
    return api.call(ApiCall.get("/api/v2/tokens/me"), context, PlatformDirectory::owner);
  }

  private static Optional<TokenOwner> owner(JsonNode token) {
    var client = token.path("OAuthClient");
    try {
      return Optional.of(new TokenOwner(new ClientId(client.path("id").asText("")), end(client)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** What is no time is as good as none: whoever asks wants to know the client first. */
  private static Optional<Instant> end(JsonNode client) {
    try {
      return Optional.of(Instant.parse(client.path("dateToDelete").asText("")));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  @Override
  public Outcome<DivisionsPage> divisions(int number, CallContext context)
      throws InterruptedException {
    return api.call(
        ApiCall.page("/api/v2/authorization/divisions", number, DIVISIONS_A_PAGE),
        context,
        PlatformDirectory::divisions);
  }

  private static Optional<DivisionsPage> divisions(JsonNode listing) {
    if (!listing.path("entities").isArray()) {
      return Optional.empty();
    }
    var ids = new HashSet<String>();
    listing.path("entities").forEach(division -> ids.add(division.path("id").asText("")));
    return Optional.of(new DivisionsPage(ids, listing.path("pageCount").asInt(1)));
  }

  private static Optional<Organization> organization(JsonNode organization) {
    try {
      return Optional.of(
          new Organization(
              organization.path("id").asText(""), organization.path("name").asText("")));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
