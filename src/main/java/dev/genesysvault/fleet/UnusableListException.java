package dev.genesysvault.fleet;

import java.util.List;
import java.util.stream.Collectors;

/** A list of clients of which nothing is imported, since something is wrong with it. */
final class UnusableListException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int MOST_SHOWN = 50;

  UnusableListException(List<ListProblem> problems) {
    super(text(problems));
  }

  UnusableListException(int line, String text) {
    this(List.of(new ListProblem(line, text)));
  }

  private static String text(List<ListProblem> problems) {
    var shown =
        problems.stream()
            .limit(MOST_SHOWN)
            .map(ListProblem::toString)
            .collect(Collectors.joining(System.lineSeparator()));
    return problems.size() <= MOST_SHOWN
        ? shown
        : shown
            + System.lineSeparator()
            + "and %,d problems more".formatted(problems.size() - MOST_SHOWN);
  }
}
