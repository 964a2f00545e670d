package dev.genesysvault.lifecycle;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");

  private final String text;

  private NameTemplate(String text) {
    this.text = text;
  }

  /**
   * Parses a template.
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
    var variables = VARIABLE.matcher(text);
    while (variables.find()) {
      if (!VARIABLES.contains(variables.group(1))) {
        throw new IllegalArgumentException(
            "it uses the unknown variable {{%s}}; known are %s"
                .formatted(variables.group(1), new TreeSet<>(VARIABLES)));
      }
    }
    var plain = VARIABLE.matcher(text).replaceAll("");
    if (plain.contains("{{") || plain.contains("}}")) {
      throw new IllegalArgumentException("it has {{ or }} without its counterpart");
    }
    return new NameTemplate(text);
  }

  /** Returns the text with every variable replaced, printable and not too long. */
  public String render(Map<String, String> values) {
    var rendered =
        VARIABLE
            .matcher(text)
            .replaceAll(
                variable -> Matcher.quoteReplacement(values.getOrDefault(variable.group(1), "")));
    var printable = UNPRINTABLE.matcher(rendered).replaceAll("").strip();
    return printable.length() <= MOST_CHARACTERS
        ? printable
        : printable.substring(0, MOST_CHARACTERS);
  }
}
