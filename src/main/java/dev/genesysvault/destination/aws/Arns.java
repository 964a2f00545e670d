package dev.genesysvault.destination.aws;

import dev.genesysvault.domain.Texts;

/** How names of regions, accounts and roles are written. */
final class Arns {
  private static final int LONGEST_REGION = 32;
  private static final int MOST_PARTS = 6;
  private static final int ACCOUNT = 12;
  private static final int LONGEST_ROLE = 2_048;

  private Arns() {}

  /**
   * Whether it is written as a region, such as {@code us-gov-west-1}; whether it is one, AWS knows.
   */
  static boolean isRegion(String text) {
    var parts = Texts.split(text, '-', MOST_PARTS);
    return text.length() <= LONGEST_REGION
        && parts.size() >= 3
        && parts.stream().allMatch(part -> Texts.consistsOf(part, 1, LONGEST_REGION, Arns::isLower))
        && !Texts.isDigit(text.charAt(0))
        && Texts.consistsOf(parts.getLast(), 1, 2, Texts::isDigit);
  }

  private static boolean isLower(int c) {
    return (c >= 'a' && c <= 'z') || Texts.isDigit(c);
  }

  /** Whether it is one of AWS' partitions, such as {@code aws-us-gov}. */
  static boolean isPartition(String text) {
    return text.startsWith("aws")
        && Texts.consistsOf(text, 3, LONGEST_REGION, c -> isLower(c) || c == '-');
  }

  /** Whether it is the number of an account. */
  static boolean isAccount(String text) {
    return Texts.consistsOf(text, ACCOUNT, ACCOUNT, Texts::isDigit);
  }

  /** Whether it is the ARN of an IAM role. */
  static boolean isRole(String text) {
    var parts = Texts.split(text, ':', 6);
    return text.length() <= LONGEST_ROLE
        && parts.size() == 6
        && parts.get(0).equals("arn")
        && isPartition(parts.get(1))
        && parts.get(2).equals("iam")
        && parts.get(3).isEmpty()
        && isAccount(parts.get(4))
        && parts.get(5).startsWith("role/")
        && Texts.consistsOf(
            parts.get(5), "role/x".length(), LONGEST_ROLE, c -> isOfPath(c) || c == '/')
        && !parts.get(5).endsWith("/");
  }

  /** Returns the account of a role that {@link #isRole}. */
  static String account(String role) {
    return Texts.split(role, ':', 6).get(4);
  }

  private static boolean isOfPath(int c) {
    return c > ' ' && c <= '~';
  }
}
