package dev.genesysvault.rotation;

import dev.genesysvault.destination.OwnOrganization;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.upstream.Genesys;
import java.util.List;
import java.util.Optional;

/**
 * What destinations are shown of the organisation that a mount reaches.
 *
 * @param genesys as the mount's own client sees it
 * @param endpoint where that is
 * @param context of all calls
 */
public record MountOrganization(Genesys genesys, Endpoint endpoint, CallContext context)
    implements OwnOrganization {
  @Override
  public Outcome<List<String>> lacks(List<String> permissions) throws InterruptedException {
    return genesys
        .directory()
        .ownGrants(context)
        .map(grants -> permissions.stream().filter(each -> !grants.allows(each)).toList());
  }

  @Override
  public Outcome<IntegrationCredential> credential(String id) throws InterruptedException {
    return genesys.integrations().get(id, context);
  }

  @Override
  public Outcome<String> replace(String id, IntegrationCredential shown, Credential login)
      throws InterruptedException {
    return genesys.integrations().replace(id, shown, login, context);
  }

  @Override
  public Outcome<Optional<String>> modified(String id) throws InterruptedException {
    return genesys.integrations().modified(id, context);
  }
}
