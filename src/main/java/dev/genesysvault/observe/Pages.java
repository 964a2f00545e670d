package dev.genesysvault.observe;

import java.util.Optional;

/** What is shown at the management address beside health and metrics. */
@FunctionalInterface
public interface Pages {
  /** Shows nothing. */
  Pages NONE = _ -> Optional.empty();

  /**
   * Answers a GET, in a task of its own.
   *
   * @param path without its query
   * @return empty where there is no such page
   */
  Optional<Answer> answer(String path);
}
