package dev.genesysvault.upstream;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientName;
import dev.genesysvault.domain.Mark;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The marks of mounts that a client carries at Genesys: in its description, and in its name where a
 * mount made it. What is looked for is ASCII, and found whatever became of its case.
 */
public final class MountMarks {
  private static final String ROTATED = "Rotated by Vault for ";
  private static final String LEASED = "Leased by Vault from ";

  /** With what the part of a description begins that a mount wrote. */
  private static final List<String> BEGINNINGS = List.of(ROTATED, LEASED);

  private static final String BEFORE = "; mark ";
  private static final String AFTER = ". Do not edit.";
  private static final String SEPARATOR = " | ";
  private static final int MARK_DIGITS = 16;
  private static final int KEY_DIGITS = 24;
  private static final String WITHOUT_NAME = "released by Vault";

  private MountMarks() {}

  /** Returns the description of a static role's client, which begins with a text of its own. */
  public static String rotated(String text, String mountPath, String role, Mark mark) {
    return description(text, ROTATED + mountPath + "static-creds/" + role, mark);
  }

  /** Returns the description of a role's client, which begins with a text of its own. */
  public static String leased(String text, String mountPath, String role, Mark mark) {
    return description(text, LEASED + mountPath + "creds/" + role, mark);
  }

  private static String description(String text, String ours, Mark mark) {
    return (text.isEmpty() ? "" : text + SEPARATOR) + ours + BEFORE + mark + AFTER;
  }

  /** Returns the body of a client that a static role adopts: nothing but its description is new. */
  public static ClientBody adopted(ClientBody body, String mountPath, String role, Mark mark) {
    var text = withoutMark(body.text("description"));
    return body.described(rotated(text, mountPath, role, mark));
  }

  /** Returns the body of a client that is let go, without this mount's mark. */
  public static ClientBody released(ClientBody body, Mark mark) {
    var description = body.text("description");
    var plain =
        in(description).filter(mark::equals).isPresent()
            ? body.described(withoutMark(description))
            : body;
    int at = indexOf("-" + body.text("name"), "-" + mark + "-");
    if (at < 0) {
      return plain;
    }
    var stem = body.text("name").substring(0, Math.max(0, at - 1));
    return plain.named(new ClientName(stem.isBlank() ? WITHOUT_NAME : stem));
  }

  /** Returns the body of a copy, which is not to carry the mark of another mount. */
  public static ClientBody copied(ClientBody body, Mark mark) {
    var description = body.text("description");
    return in(description).filter(other -> !other.equals(mark)).isPresent()
        ? body.described(withoutMark(description))
        : body;
  }

  /** Returns the mark of another mount that a client carries. */
  public static Optional<Mark> foreign(ClientBody body, Mark mark) {
    return in(body.text("description"))
        .filter(other -> !other.equals(mark))
        .or(() -> inName(body.text("name")).filter(other -> !other.equals(mark)));
  }

  private static Optional<Mark> in(String description) {
    int after = lastIndexOf(description, AFTER);
    int at = after - MARK_DIGITS;
    boolean there =
        at >= BEFORE.length()
            && description.regionMatches(true, at - BEFORE.length(), BEFORE, 0, BEFORE.length())
            && isHex(description, at, MARK_DIGITS)
            && beginning(description, at) >= 0;
    return there
        ? Optional.of(new Mark(lower(description.substring(at, after))))
        : Optional.empty();
  }

  /** Returns what is left of a description without what a mount wrote. */
  private static String withoutMark(String description) {
    if (in(description).isEmpty()) {
      return description;
    }
    int end = lastIndexOf(description, AFTER);
    int begin = beginning(description, end);
    var before = description.substring(0, begin);
    var own =
        before.endsWith(SEPARATOR)
            ? before.substring(0, before.length() - SEPARATOR.length())
            : before;
    return own + description.substring(end + AFTER.length());
  }

  /** Returns where what a mount wrote begins, that ends there; less than 0 where nothing does. */
  private static int beginning(String description, int end) {
    int begin = -1;
    for (var beginning : BEGINNINGS) {
      begin = Math.max(begin, lastIndexOf(description.substring(0, end), beginning));
    }
    return begin;
  }

  /** A mount's names end in its mark, the client's key and the number of the attempt. */
  private static Optional<Mark> inName(String name) {
    int key = name.lastIndexOf('-') - KEY_DIGITS;
    int mark = key - 1 - MARK_DIGITS;
    boolean there =
        mark >= 0
            && (mark == 0 || name.charAt(mark - 1) == '-')
            && name.charAt(key - 1) == '-'
            && isHex(name, mark, MARK_DIGITS)
            && isHex(name, key, KEY_DIGITS);
    return there
        ? Optional.of(new Mark(lower(name.substring(mark, mark + MARK_DIGITS))))
        : Optional.empty();
  }

  private static boolean isHex(String text, int from, int length) {
    return text.substring(from, from + length)
        .chars()
        .allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
  }

  private static String lower(String hex) {
    return hex.toLowerCase(Locale.ROOT);
  }

  private static int indexOf(String text, String wanted) {
    for (int at = 0; at + wanted.length() <= text.length(); at++) {
      if (text.regionMatches(true, at, wanted, 0, wanted.length())) {
        return at;
      }
    }
    return -1;
  }

  private static int lastIndexOf(String text, String wanted) {
    for (int at = text.length() - wanted.length(); at >= 0; at--) {
      if (text.regionMatches(true, at, wanted, 0, wanted.length())) {
        return at;
      }
    }
    return -1;
  }
}
