package dev.genesysvault.testing;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.RateBudget;
import dev.genesysvault.upstream.ClientUsage;
import dev.genesysvault.upstream.Directory;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.Grants;
import dev.genesysvault.upstream.IntegrationCredentials;
import dev.genesysvault.upstream.OAuthClients;
import dev.genesysvault.upstream.Reachability;
import dev.genesysvault.upstream.TokenOwner;
import java.util.function.Supplier;

/** A fake organisation as one of its clients sees it, which must log in first. */
record FakeLogIn(FakeGenesys genesys, Credential credential) implements Genesys, Directory {
  @Override
  public OAuthClients clients() {
    return genesys;
  }

  @Override
  public Directory directory() {
    return this;
  }

  @Override
  public ClientUsage usage() {
    return genesys;
  }

  @Override
  public IntegrationCredentials integrations() {
    return genesys.integrations();
  }

  @Override
  public Genesys as(Credential other) {
    return genesys.as(other);
  }

  @Override
  public RateBudget.Reading budget() {
    return genesys.budget();
  }

  @Override
  public Reachability.Reading reachability() {
    return genesys.reachability();
  }

  @Override
  public Outcome<Organization> organization(CallContext context) {
    return loggedIn(() -> genesys.organization(context));
  }

  @Override
  public Outcome<Grants> ownGrants(CallContext context) {
    return loggedIn(() -> genesys.grantsOf(credential.id()));
  }

  @Override
  public Outcome<TokenOwner> tokenOwner(CallContext context) {
    return loggedIn(() ->
        genesys.tokenOwner(context).map(owner -> new TokenOwner(credential.id(), owner.end())));
  }

  @Override
  public Outcome<DivisionsPage> divisions(int number, CallContext context) {
    return loggedIn(() -> genesys.divisions(number, context));
  }

  @Override
  public Outcome<String> homeDivision(CallContext context) {
    return loggedIn(() -> genesys.homeDivision(context));
  }

  private <T> Outcome<T> loggedIn(Supplier<Outcome<T>> call) {
    return genesys.logsIn(credential)
        ? call.get()
        : Outcome.failed(
            new Refused(
                "POST /oauth/token",
                400,
                "invalid_client",
                "authentication failed",
                "cid-1",
                true));
  }
}
