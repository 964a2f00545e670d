package dev.genesysvault.client;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.storage.ClientRecord;
import java.util.List;

/** What came of an {@link IssueOrder}. */
public sealed interface IssueResult {
  /**
   * The client is there and recorded; its secret is nowhere else.
   *
   * @param endpoint under which Genesys gave the secret
   */
  record Issued(Credential credential, ClientRecord client, Endpoint endpoint)
      implements IssueResult {}

  /** The mount's configuration changed meanwhile; nothing was made. Asking again helps. */
  record Outdated() implements IssueResult {}

  /**
   * Genesys made the client otherwise than it was asked to. Nobody gets it; its record says that it
   * has to go.
   *
   * @param differences each as a sentence
   * @param correlationId Genesys' id for the request that made it
   */
  record Otherwise(ClientId id, List<String> differences, String correlationId)
      implements IssueResult {
    /** Copies the differences. */
    public Otherwise {
      differences = List.copyOf(differences);
    }

    /** Returns one sentence, without a full stop. */
    public String why() {
      return "Genesys made client %s otherwise than asked: %s; correlation id %s"
          .formatted(id, String.join("; ", differences), correlationId);
    }
  }

  /**
   * There is no client to hand out.
   *
   * @param recordKept whether a client may exist all the same, so that its record stays
   */
  record Failed(UpstreamFailure failure, boolean recordKept) implements IssueResult {}
}
