package dev.genesysvault.fleet;

/**
 * What is wrong with a list.
 *
 * @param line of the list, from 1
 * @param text what is wrong and what is allowed; never a secret
 */
record ListProblem(int line, String text) {
  @Override
  public String toString() {
    return "line %d: %s".formatted(line, text);
  }
}
