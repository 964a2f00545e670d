package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;

/**
 * A client as Genesys shows it through the port.
 *
 * @param body its members, those that Genesys sets left out; a list may leave more out
 */
public record FoundClient(ClientId id, ClientBody body) {
  /** Returns its name; not unique. Empty where Genesys shows none. */
  public String name() {
    return body.text("name");
  }

  /** Whether Genesys shows it as already deleted, which it may do for a while. */
  public boolean deleted() {
    return body.text("state").equals("deleted");
  }
}
