package dev.genesysvault.domain;

/**
 * A Genesys Cloud organisation.
 *
 * @param id as Genesys gave it; not blank
 * @param name for people; may be empty
 */
public record Organization(String id, String name) {
  /** Checks the id. */
  public Organization {
    Identifiers.checked("organization id", id);
  }
}
