package dev.genesysvault.client;

import dev.genesysvault.domain.KeptText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the name of a client begins with: text with variables such as {@code {{role_name}}}. Mark
 * and key follow whatever it says, so ownership and uniqueness never hang on it.
 */
public final class NameTemplate {
  /** The variables that a template may use. */
  public static final Set<String> VARIABLES =
      Set.of("role_name", "mount_path", "display_name", "unix_time", "random");

  /** The most characters of a template's result that a name carries. */
  public static final int MOST_CHARACTERS = 100;

  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  /** Stands for a variable's value where a template's own text is looked at. */
  private static final String SOME_VALUE = "x";

  private final List<Part> parts;

  private NameTemplate(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  /** A piece of a template: its own text, or the name of a variable. */
  private record Part(String text, boolean variable) {}

  /**
   * Parses a template, such as one that was stored before a rule of {@link #written} was made.
   *
   * @throws IllegalArgumentException if it is blank, too long, or uses an unknown variable
   */
  public static NameTemplate parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("it is blank");
    }
    if (text.length() > 2 * MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "it has %d characters; at most %d are allowed"
              .formatted(text.length(), 2 * MOST_CHARACTERS));
    }
    var parts = new ArrayList<Part>();
    int at = 0;
    for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
      int close = text.indexOf(CLOSE, open);
      if (close < 0) {
        throw unpaired();
      }
      parts.add(literal(text.substring(at, open)));
      parts.add(variable(text.substring(open + OPEN.length(), close).strip()));
      at = close + CLOSE.length();
    }
    parts.add(literal(text.substring(at)));
    return new NameTemplate(parts);
  }

  /**
   * Parses a template as somebody writes it.
   *
   * @throws IllegalArgumentException as {@link #parse} does, and if its own text has anything that
   *     Genesys may keep otherwise than it was sent
   */
  public static NameTemplate written(String text) {
    var template = parse(text);
    var own = new StringBuilder();
    template.parts.forEach(part -> own.append(part.variable() ? SOME_VALUE : part.text()));
    KeptText.flaw(own.toString())
        .ifPresent(flaw -> {
          throw new IllegalArgumentException("it " + flaw);
        });
    return template;
  }

  private static Part literal(String text) {
    if (text.contains(CLOSE)) {
      throw unpaired();
    }
    return new Part(text, false);
  }

  private static Part variable(String name) {
    if (!VARIABLES.contains(name)) {
      throw new IllegalArgumentException(
          "it uses the unknown variable {{%s}}; known are %s"
              .formatted(name, new TreeSet<>(VARIABLES)));
    }
    return new Part(name, true);
  }

  private static IllegalArgumentException unpaired() {
    return new IllegalArgumentException("it has {{ or }} without its counterpart");
  }

  /**
   * Returns the text with every variable replaced, as Genesys gives it back unchanged, and not too
   * long.
   */
  public String render(Map<String, String> values) {
    var rendered = new StringBuilder();
    for (var part : parts) {
      rendered.append(part.variable() ? values.getOrDefault(part.text(), "") : part.text());
    }
    // One character each by now, so that the cut goes through none.
    var kept = KeptText.of(rendered.toString());
    return kept.length() <= MOST_CHARACTERS ? kept : kept.substring(0, MOST_CHARACTERS).strip();
  }
}
