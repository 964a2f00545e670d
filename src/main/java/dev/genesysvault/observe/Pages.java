package dev.genesysvault.observe;

import java.util.Optional;

/** What is shown at the management address beside health and metrics. */
@FunctionalInterface
public interface Pages {
  /** Shows nothing. */
  Pages NONE = (_, _) -> Optional.empty();

  /**
   * Answers a GET, in a task of its own.
   *
   * @param path without its query
   * @param host the header that says whom the browser believes to ask; empty for none
   * @return empty where there is no such page
   */
  Optional<Answer> answer(String path, String host);
}
