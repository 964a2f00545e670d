package dev.genesysvault.resilience;

/** What a request to Genesys is for; an earlier lane goes first whenever requests must wait. */
public enum Lane {
  /** Somebody waits for a credential, or for a configuration's check. */
  ISSUE,
  /** Ends what a credential may do. */
  DEACTIVATE,
  /** Makes or checks the successor of a static credential. */
  ROTATE,
  /** Removes what can do no harm any more. */
  DELETE,
  /** Looks for what nobody waits for. */
  TIDY
}
