package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.DestinationKind.Form;
import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which Secrets Manager is meant, as whom it is spoken to, and what is done about secrets that are
 * not there.
 *
 * @param endpoint empty for the region's own
 * @param stsEndpoint likewise
 * @param keys empty for those that the process finds
 * @param role what is assumed with them; empty for nothing
 * @param creation how secrets are made; empty where none is
 * @param restores whether one that is scheduled for deletion is restored
 */
record AwsSettings(
    String region,
    Optional<URI> endpoint,
    Optional<URI> stsEndpoint,
    Optional<Keys> keys,
    Optional<Role> role,
    Optional<Creation> creation,
    boolean restores) {
  static final String ENDPOINT = "endpoint";
  static final String STS_ENDPOINT = "sts_endpoint";

  private static final String REGION = "region";
  private static final String ACCESS_KEY_ID = "access_key_id";
  private static final String SECRET_ACCESS_KEY = "secret_access_key";
  private static final String ROLE_ARN = "role_arn";
  private static final String EXTERNAL_ID = "external_id";
  private static final String CREATE_SECRET = "create_secret";
  private static final String RESTORE_SECRET = "restore_secret";

  /** The fields, in the order of their help. */
  static final List<Setting> FIELDS =
      List.of(
          new Setting(REGION, false),
          new Setting(ENDPOINT, false),
          new Setting(STS_ENDPOINT, false),
          new Setting(ACCESS_KEY_ID, false),
          new Setting(SECRET_ACCESS_KEY, true),
          new Setting(ROLE_ARN, false),
          new Setting(EXTERNAL_ID, false),
          new Setting(CREATE_SECRET, Form.FLAG),
          new Setting(RESTORE_SECRET, Form.FLAG),
          new Setting(Creation.KMS_KEY_ID, false),
          new Setting(Creation.DESCRIPTION, false),
          new Setting(Creation.TAGS, Form.PAIRS));

  /** Under which AWS has its endpoints, in any of its partitions. */
  private static final List<String> OF_AWS =
      List.of(
          ".amazonaws.com",
          ".amazonaws.com.cn",
          ".amazonaws.eu",
          ".api.aws",
          ".api.amazonwebservices.com.cn",
          ".c2s.ic.gov",
          ".sc2s.sgov.gov",
          ".cloud.adc-e.uk",
          ".csp.hci.ic.gov");

  private static final int LONGEST_KEY_ID = 128;
  private static final int LONGEST_KEY = 1_024;
  private static final int LONGEST_EXTERNAL_ID = 1_224;
  private static final int LONGEST_SHOWN = 100;

  /** An access key that was given. */
  record Keys(String id, Secret secret) {}

  /**
   * A role to assume.
   *
   * @param externalId empty for none
   */
  record Role(String arn, Optional<String> externalId) {}

  /**
   * Reads settings.
   *
   * @param given texts by field
   * @throws IllegalArgumentException field, value, what is allowed; quotes no secret
   */
  static AwsSettings parse(Map<String, String> given) {
    var settings = parsed(given);
    settings
        .stsEndpoint()
        .filter(_ -> settings.keys().isEmpty())
        .filter(it -> !isOfAws(it.getHost()))
        .ifPresent(it -> {
          throw new IllegalArgumentException(
              "sts_endpoint is \"%s\" without an access key; must be one of AWS, such as that of a VPC endpoint: the log-in of the sidecar's own process goes nowhere else"
                  .formatted(it));
        });
    return settings;
  }

  private static AwsSettings parsed(Map<String, String> given) {
    return new AwsSettings(
        region(text(given, REGION)),
        Optional.ofNullable(given.get(ENDPOINT)).map(it -> Urls.parse(ENDPOINT, it)),
        Optional.ofNullable(given.get(STS_ENDPOINT)).map(it -> Urls.parse(STS_ENDPOINT, it)),
        keys(given),
        role(given),
        Creation.parse(given, CREATE_SECRET),
        Boolean.parseBoolean(given.get(RESTORE_SECRET)));
  }

  /**
   * Returns where the secrets are, of settings that can be read. Of which account a key is, AWS
   * alone knows: two keys count as two accounts, two roles of one account as one.
   */
  static String place(Map<String, String> given) {
    var settings = parsed(given);
    var elsewhere = settings.endpoint().map(URI::getHost).filter(it -> !isOfAws(it)).orElse("");
    var role = text(given, ROLE_ARN);
    var account = role.isEmpty() ? text(given, ACCESS_KEY_ID) : Arns.account(role);
    return "%s %s %s".formatted(elsewhere, settings.region(), account);
  }

  private static boolean isOfAws(String host) {
    return OF_AWS.stream().anyMatch(("." + host)::endsWith);
  }

  private static String text(Map<String, String> given, String field) {
    return given.getOrDefault(field, "").strip();
  }

  private static String region(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "region is missing; must be the AWS region of the secrets, such as eu-central-1");
    }
    if (!Arns.isRegion(text)) {
      throw bad(REGION, text, "an AWS region, such as eu-central-1 or us-gov-west-1");
    }
    return text;
  }

  private static Optional<Keys> keys(Map<String, String> given) {
    for (var field : List.of(ACCESS_KEY_ID, SECRET_ACCESS_KEY)) {
      var other = field.equals(ACCESS_KEY_ID) ? SECRET_ACCESS_KEY : ACCESS_KEY_ID;
      if (given.containsKey(other) && !given.containsKey(field)) {
        throw new IllegalArgumentException(
            "%s is missing; must be given, since %s is: both of an access key, or neither, for what the sidecar's process finds"
                .formatted(field, other));
      }
    }
    if (!given.containsKey(ACCESS_KEY_ID)) {
      return Optional.empty();
    }
    var id = text(given, ACCESS_KEY_ID);
    if (!isPlain(id, LONGEST_KEY_ID)) {
      throw bad(ACCESS_KEY_ID, id, "1 to 128 printable characters of ASCII without blanks");
    }
    // A secret that came from a file or a pipe often brings the line's end along.
    var secret = text(given, SECRET_ACCESS_KEY);
    if (!isPlain(secret, LONGEST_KEY)) {
      throw new IllegalArgumentException(
          "secret_access_key cannot be one of AWS; must be 1 to 1,024 printable characters of ASCII without blanks");
    }
    return Optional.of(new Keys(id, Secret.of(secret)));
  }

  private static boolean isPlain(String text, int most) {
    return Texts.consistsOf(text, 1, most, c -> c > ' ' && c <= '~');
  }

  private static Optional<Role> role(Map<String, String> given) {
    var externalId = Optional.ofNullable(given.get(EXTERNAL_ID)).map(String::strip);
    var arn = Optional.ofNullable(given.get(ROLE_ARN)).map(String::strip);
    if (arn.isEmpty()) {
      if (externalId.isPresent()) {
        throw new IllegalArgumentException(
            "external_id is given without role_arn; must be left out, or be what the role that role_arn names asks for");
      }
      return Optional.empty();
    }
    if (!Arns.isRole(arn.get())) {
      throw bad(
          ROLE_ARN,
          arn.get(),
          "the ARN of an IAM role, such as arn:aws:iam::123456789012:role/genesys-vault");
    }
    externalId
        .filter(it -> !isExternalId(it))
        .ifPresent(it -> {
          throw bad(
              EXTERNAL_ID,
              it,
              "%d to %,d letters, digits and +=,.@:/_-".formatted(2, LONGEST_EXTERNAL_ID));
        });
    return Optional.of(new Role(arn.get(), externalId));
  }

  private static boolean isExternalId(String text) {
    return Texts.consistsOf(
        text, 2, LONGEST_EXTERNAL_ID, c -> Texts.isLetterOrDigit(c) || "+=,.@:/_-".indexOf(c) >= 0);
  }

  /** Returns what is said of a value that is not allowed. */
  static IllegalArgumentException bad(String field, String value, String allowed) {
    return new IllegalArgumentException(
        "%s is \"%s\"; must be %s"
            .formatted(field, Texts.printable(value, LONGEST_SHOWN), allowed));
  }

  /** Returns where the secrets are, for people. */
  String place() {
    return endpoint.map(it -> "AWS %s (%s)".formatted(region, it)).orElse("AWS " + region);
  }

  /** Returns where STS is, for people. */
  String stsPlace() {
    return stsEndpoint
        .map(it -> "STS of AWS %s (%s)".formatted(region, it))
        .orElse("STS of AWS " + region);
  }
}
