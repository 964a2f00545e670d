package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientId;

/**
 * A client as the organisation's list shows it: no more than what it is recognised by.
 *
 * @param name not unique; empty where Genesys shows none
 * @param state such as {@code active}; empty where Genesys shows none
 */
public record ListedClient(ClientId id, String name, String state) {
  /** Whether it may log in. */
  public boolean active() {
    return state.equals("active");
  }

  /** Whether Genesys shows it as already deleted, which it may do for a while. */
  public boolean deleted() {
    return state.equals("deleted");
  }
}
