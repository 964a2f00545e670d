package dev.genesysvault.destination.vault;

import java.util.Map;

/**
 * What is asked of the other Vault's API. Its body may hold secrets.
 *
 * @param path below {@code v1/}, with its query
 * @param body empty for none
 * @param advice what to do where it is refused, for people
 */
record Call(String method, String path, Map<String, ?> body, Advice advice) {
  /**
   * What to do where a call is refused.
   *
   * @param denied where it is not permitted
   * @param unrouted where nothing is mounted at its path
   * @param unfit where it is not what is taken there
   */
  record Advice(String denied, String unrouted, String unfit) {}

  static Call get(String path, Advice advice) {
    return new Call("GET", path, Map.of(), advice);
  }

  static Call post(String path, Map<String, ?> body, Advice advice) {
    return new Call("POST", path, body, advice);
  }

  /** Names no body, which may hold secrets. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
