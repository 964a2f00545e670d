package dev.genesysvault.fleet;

import dev.genesysvault.domain.Texts;
import java.text.Normalizer;
import java.util.Locale;

/** Names of static roles: which there are, and how one is made of what a client is called. */
final class RoleNames {
  /** What is told of a name that is none. */
  static final String ALLOWED =
      "must be letters, digits, dots, dashes and underscores, the first and the last no dot or dash, 512 at most";

  private static final int LONGEST = 512;
  private static final int LONGEST_MADE = 128;
  private static final String CLIENT_NAME = "{{client_name}}";
  private static final String CLIENT_ID = "{{client_id}}";

  private final String template;

  /**
   * Takes a template.
   *
   * @param template text with {@code {{client_name}}} or {@code {{client_id}}}
   * @throws IllegalArgumentException if it has neither, or anything else in braces, or makes names
   *     that Vault does not take
   */
  RoleNames(String template) {
    var without = template.replace(CLIENT_NAME, "").replace(CLIENT_ID, "");
    if (without.equals(template)
        || without.indexOf('{') >= 0
        || without.indexOf('}') >= 0
        || !valid(template.replace(CLIENT_NAME, "x").replace(CLIENT_ID, "x"))) {
      throw new IllegalArgumentException(
          "--name-template is \"%s\"; must have %s or %s in it, and beside that letters, digits, dots, dashes and underscores"
              .formatted(template, CLIENT_NAME, CLIENT_ID));
    }
    this.template = template;
  }

  /** Whether Vault takes it for a static role's name. */
  static boolean valid(String name) {
    return Texts.consistsOf(name, 1, LONGEST, RoleNames::inside)
        && atEnds(name.charAt(0))
        && atEnds(name.charAt(name.length() - 1));
  }

  /** Whether it has to be known what a client is called at Genesys. */
  boolean needsClientName() {
    return template.contains(CLIENT_NAME);
  }

  /**
   * Returns the name of a client's static role.
   *
   * @param clientName at Genesys: in lower case and without accents, and a dash for whatever else
   *     Vault does not take; where nothing is left of it, the id takes its place
   */
  String name(String clientId, String clientName) {
    var plain = plain(clientName);
    return template
        .replace(CLIENT_NAME, plain.isEmpty() ? clientId : plain)
        .replace(CLIENT_ID, clientId);
  }

  private static String plain(String text) {
    var plain = new StringBuilder();
    boolean dashed = false;
    var decomposed = Normalizer.normalize(text, Normalizer.Form.NFD).toLowerCase(Locale.ROOT);
    for (int i = 0; i < decomposed.length() && plain.length() < LONGEST_MADE; i++) {
      char next = decomposed.charAt(i);
      if (inside(next)) {
        plain.append(next);
        dashed = false;
      } else if (Character.getType(next) != Character.NON_SPACING_MARK && !dashed) {
        plain.append('-');
        dashed = true;
      }
    }
    return Texts.trimmed(plain.toString(), c -> !atEnds(c));
  }

  private static boolean inside(int character) {
    return atEnds(character) || character == '.' || character == '-';
  }

  private static boolean atEnds(int character) {
    return Texts.isLetterOrDigit(character) || character == '_';
  }
}
