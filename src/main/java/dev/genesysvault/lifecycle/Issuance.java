package dev.genesysvault.lifecycle;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.storage.ClientRecord;

/** What came of an {@link IssueOrder}. */
public sealed interface Issuance {
  /** The client is there and recorded; its secret is nowhere else. */
  record Issued(Credential credential, ClientRecord client) implements Issuance {}

  /** The mount's configuration changed meanwhile; nothing was made. Asking again helps. */
  record Outdated() implements Issuance {}

  /**
   * There is no client to hand out.
   *
   * @param recordKept whether a client may exist all the same, so that its record stays
   */
  record Failed(UpstreamFailure failure, boolean recordKept) implements Issuance {}
}
