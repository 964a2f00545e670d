package dev.genesysvault.upstream;

import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.resilience.CallContext;
import java.util.Set;

/** The port to what a client can learn of itself and its organisation. One call a method. */
public interface Directory {
  /** Returns the organisation that the client belongs to. */
  Outcome<Organization> organization(CallContext context) throws InterruptedException;

  /** Returns what the client holds and may do. */
  Outcome<Grants> ownGrants(CallContext context) throws InterruptedException;

  /** Returns the client that the token in use was made for. */
  Outcome<TokenOwner> tokenOwner(CallContext context) throws InterruptedException;

  /**
   * Returns divisions that the token in use sees.
   *
   * @param number of the page, counted from 1
   */
  Outcome<DivisionsPage> divisions(int number, CallContext context) throws InterruptedException;

  /**
   * One page of divisions.
   *
   * @param ids of the divisions on it
   * @param pageCount how many pages there are
   */
  record DivisionsPage(Set<String> ids, int pageCount) {
    /** Copies the ids. */
    public DivisionsPage {
      ids = Set.copyOf(ids);
    }
  }

  /** Returns the id of the home division. */
  Outcome<String> homeDivision(CallContext context) throws InterruptedException;
}
