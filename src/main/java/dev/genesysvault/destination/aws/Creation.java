package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.Forms;
import dev.genesysvault.domain.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a secret is made that is not there.
 *
 * @param kmsKeyId empty for AWS' own key
 * @param description empty for none
 * @param tags by key
 */
record Creation(Optional<String> kmsKeyId, Optional<String> description, Map<String, String> tags) {
  static final String KMS_KEY_ID = "kms_key_id";
  static final String DESCRIPTION = "description";
  static final String TAGS = "tags";

  private static final int LONGEST_TEXT = 2_048;
  private static final int MOST_TAGS = 50;
  private static final int LONGEST_TAG_KEY = 128;
  private static final int LONGEST_TAG_VALUE = 256;

  /**
   * Reads it.
   *
   * @param flag the field that says whether secrets are made
   * @throws IllegalArgumentException field, value, what is allowed
   */
  static Optional<Creation> parse(Map<String, String> given, String flag) {
    if (!Boolean.parseBoolean(given.get(flag))) {
      for (var field : List.of(KMS_KEY_ID, DESCRIPTION, TAGS)) {
        if (given.containsKey(field)) {
          throw new IllegalArgumentException(
              "%s is given without %s; must be left out, or %s be true: it is of secrets that are made"
                  .formatted(field, flag, flag));
        }
      }
      return Optional.empty();
    }
    var key = Optional.ofNullable(given.get(KMS_KEY_ID)).map(String::strip);
    key.filter(it -> !isKmsKey(it))
        .ifPresent(it -> {
          throw AwsSettings.bad(
              KMS_KEY_ID, it, "id, ARN, or alias/NAME of a KMS key, of letters, digits and /_-:");
        });
    var description = Optional.ofNullable(given.get(DESCRIPTION));
    description
        .filter(it -> it.length() > LONGEST_TEXT || it.chars().anyMatch(Character::isISOControl))
        .ifPresent(it -> {
          throw AwsSettings.bad(
              DESCRIPTION, it, "at most %,d characters in one line".formatted(LONGEST_TEXT));
        });
    return Optional.of(
        new Creation(key, description, tags(Forms.pairs(given.getOrDefault(TAGS, "")))));
  }

  private static boolean isKmsKey(String text) {
    return Texts.consistsOf(
        text, 1, LONGEST_TEXT, c -> Texts.isLetterOrDigit(c) || "/_-:".indexOf(c) >= 0);
  }

  private static Map<String, String> tags(Map<String, String> tags) {
    if (tags.size() > MOST_TAGS) {
      throw new IllegalArgumentException(
          "tags are %,d; must be at most %d".formatted(tags.size(), MOST_TAGS));
    }
    tags.forEach((key, value) -> {
      if (key.isEmpty() || key.length() > LONGEST_TAG_KEY || !isOfTag(key)) {
        throw AwsSettings.bad(
            "a key of tags",
            key,
            "1 to %d letters, digits, blanks and _.:/=+-@".formatted(LONGEST_TAG_KEY));
      }
      if (key.toLowerCase(Locale.ROOT).startsWith("aws:")) {
        throw AwsSettings.bad(
            "a key of tags", key, "one without aws: before it, which is AWS' own");
      }
      if (value.length() > LONGEST_TAG_VALUE || !isOfTag(value)) {
        throw AwsSettings.bad(
            "tag " + key,
            value,
            "at most %d letters, digits, blanks and _.:/=+-@".formatted(LONGEST_TAG_VALUE));
      }
    });
    return tags;
  }

  private static boolean isOfTag(String text) {
    return text.codePoints()
        .allMatch(c ->
            Character.isLetterOrDigit(c) || Character.isSpaceChar(c) || "_.:/=+-@".indexOf(c) >= 0);
  }
}
