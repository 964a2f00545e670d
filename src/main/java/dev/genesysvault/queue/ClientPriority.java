package dev.genesysvault.queue;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * In which order a {@link ClientQueue} has things done for its clients. Clients that leaked wait
 * for nobody else.
 */
enum ClientPriority {
  /** What the plugin wrote down is read. */
  JOURNAL,
  /** For a client that leaked. */
  LEAKED_REREAD,
  /** For a client that leaked. */
  LEAKED_DEACTIVATE,
  /** For a client that leaked. */
  LEAKED_DRAIN,
  /** For a client that leaked. */
  LEAKED_SEARCH,
  /** For a client that leaked. */
  LEAKED_DELETE,
  /** What looks for many clients came to. */
  FOUND,
  /** {@link Step#REREAD}. */
  REREAD,
  /** {@link Step#DEACTIVATE}. */
  DEACTIVATE,
  /** {@link Step#DRAIN}. */
  DRAIN,
  /** {@link Step#SEARCH}. */
  SEARCH,
  /** {@link Step#DELETE}. */
  DELETE;

  /** All of them. */
  static final Set<ClientPriority> ALL =
      Collections.unmodifiableSet(EnumSet.allOf(ClientPriority.class));

  /** Those of clients that leaked. */
  static final Set<ClientPriority> LEAKED =
      Collections.unmodifiableSet(EnumSet.range(LEAKED_REREAD, LEAKED_DELETE));

  /** Returns the one of a client that waits for a step. */
  static ClientPriority of(Step step, boolean leaked) {
    return switch (step) {
      case REREAD -> leaked ? LEAKED_REREAD : REREAD;
      case DEACTIVATE -> leaked ? LEAKED_DEACTIVATE : DEACTIVATE;
      case DRAIN -> leaked ? LEAKED_DRAIN : DRAIN;
      case SEARCH -> leaked ? LEAKED_SEARCH : SEARCH;
      case DELETE -> leaked ? LEAKED_DELETE : DELETE;
    };
  }
}
