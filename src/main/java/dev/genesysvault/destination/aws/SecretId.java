package dev.genesysvault.destination.aws;

import dev.genesysvault.domain.Texts;
import java.util.Optional;

/**
 * By which a secret is asked for.
 *
 * @param text a name or a whole ARN
 * @param region where the ARN says that it is; empty for a name
 */
record SecretId(String text, Optional<String> region) {
  private static final int LONGEST_NAME = 512;
  private static final int LONGEST_SHOWN = 100;
  private static final int PARTS = 7;
  private static final int SUFFIX = 6;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException one sentence: the name, and what is allowed
   */
  static SecretId of(String text) {
    if (isName(text)) {
      return new SecretId(text, Optional.empty());
    }
    var parts = Texts.split(text, ':', PARTS);
    if (!isArn(parts.toArray(String[]::new))) {
      throw new IllegalArgumentException(
          "\"%s\" is no secret of AWS Secrets Manager; must be its name, 1 to %d letters, digits and /_+=.@-, such as apps/crm, or its whole ARN with the six characters at its end, such as arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/crm-a1B2c3"
              .formatted(Texts.printable(text, LONGEST_SHOWN), LONGEST_NAME));
    }
    return new SecretId(text, Optional.of(parts.get(3)));
  }

  /** Whether it is the ARN of something that is in that partition's account. */
  private static boolean isArn(String[] parts) {
    return parts.length == PARTS
        && parts[0].equals("arn")
        && Arns.isPartition(parts[1])
        && parts[2].equals("secretsmanager")
        && Arns.isRegion(parts[3])
        && Arns.isAccount(parts[4])
        && parts[5].equals("secret")
        && isWhole(parts[6]);
  }

  /** What is without them may be found as another secret, whose name goes on. */
  private static boolean isWhole(String name) {
    int hyphen = name.length() - SUFFIX - 1;
    return hyphen > 0
        && name.charAt(hyphen) == '-'
        && isName(name.substring(0, hyphen))
        && Texts.consistsOf(name.substring(hyphen + 1), SUFFIX, SUFFIX, Texts::isLetterOrDigit);
  }

  private static boolean isName(String text) {
    return Texts.consistsOf(
        text, 1, LONGEST_NAME, c -> Texts.isLetterOrDigit(c) || "/_+=.@-".indexOf(c) >= 0);
  }

  /** Returns the resource that a policy has to name, for people. */
  String resource() {
    return region.isPresent()
        ? text
        : "arn:aws:secretsmanager:*:*:secret:%s-??????".formatted(text);
  }

  /** Returns itself, for people. */
  @Override
  public String toString() {
    return text;
  }
}
