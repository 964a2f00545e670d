package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;

/** What the mount's own client can learn of itself and its organisation. One call a method. */
public interface Directory {
  /** Returns the organisation that the mount's client belongs to. */
  Outcome<Organization> organization(CallContext context) throws InterruptedException;

  /** Returns what the mount's client holds and may do. */
  Outcome<Grants> ownGrants(CallContext context) throws InterruptedException;

  /** Returns the id of the home division. */
  Outcome<String> homeDivision(CallContext context) throws InterruptedException;
}
