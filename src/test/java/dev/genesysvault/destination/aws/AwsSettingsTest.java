package dev.genesysvault.destination.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.Forms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a destination may be given, and what is said of the rest. */
final class AwsSettingsTest {
  private static AwsSettings parse(String... given) {
    var settings = new HashMap<String, String>();
    settings.put("region", "eu-central-1");
    for (int i = 0; i < given.length; i += 2) {
      settings.put(given[i], given[i + 1]);
    }
    return AwsSettings.parse(settings);
  }

  @Test
  void a_region_is_enough() {
    var settings = parse();

    assertThat(settings.region()).isEqualTo("eu-central-1");
    assertThat(settings.keys()).isEmpty();
    assertThat(settings.role()).isEmpty();
    assertThat(settings.creation()).isEmpty();
    assertThat(settings.restores()).isFalse();
    assertThat(settings.place()).isEqualTo("AWS eu-central-1");
  }

  private static String place(String... given) {
    var settings = new HashMap<String, String>();
    settings.put("region", "eu-central-1");
    for (int i = 0; i < given.length; i += 2) {
      settings.put(given[i], given[i + 1]);
    }
    return AwsSettings.place(settings);
  }

  @Test
  void a_place_is_one_of_a_region_and_an_account_as_far_as_that_is_known() {
    var role = "arn:aws:iam::123456789012:role/";

    assertThat(place("role_arn", role + "one"))
        .isEqualTo(place("role_arn", role + "path/two", "external_id", "some"))
        .isEqualTo(
            place(
                "role_arn",
                role + "one",
                "endpoint",
                "https://vpce-1.secretsmanager.eu-central-1.vpce.amazonaws.com"))
        .isNotEqualTo(place("role_arn", "arn:aws:iam::210987654321:role/one"))
        .isNotEqualTo(place("role_arn", role + "one", "region", "eu-west-1"))
        .isNotEqualTo(place("role_arn", role + "one", "endpoint", "https://aws.test"))
        .isNotEqualTo(place());
    assertThat(place("access_key_id", "AKIA0000000000000001", "secret_access_key", "a"))
        .isEqualTo(place("access_key_id", "AKIA0000000000000001", "secret_access_key", "b"))
        .isNotEqualTo(place("access_key_id", "AKIA0000000000000002", "secret_access_key", "a"));
  }

  @Test
  void a_region_is_needed() {
    assertThatThrownBy(() -> AwsSettings.parse(Map.of()))
        .hasMessage(
            "region is missing; must be the AWS region of the secrets, such as eu-central-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"us-gov-west-1", "ap-southeast-2", "us-iso-east-1", "cn-north-1", "mx-central-1"})
  void regions_of_every_partition_are_taken(String region) {
    assertThat(parse("region", region).region()).isEqualTo(region);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eu",
        "EU-central-1",
        "eu-central",
        "eu--1",
        "-eu-1",
        "eu-central-1.evil.example.com",
        "eu-central-1/x",
        "eu-central-123",
        "a-b-c-d-e-f-1"
      })
  void what_is_no_region_is_refused(String region) {
    assertThatThrownBy(() -> parse("region", region))
        .hasMessage(
            "region is \"%s\"; must be an AWS region, such as eu-central-1 or us-gov-west-1"
                .formatted(region));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://vpce-1.example.com",
        "https://vpce-1.example.com:8443/",
        "http://127.0.0.1:5000",
        "http://localhost:5000",
        "http://[::1]:5000"
      })
  void endpoints_are_https_or_lead_to_this_host(String url) {
    var keys = new String[] {"access_key_id", "AKIA0", "secret_access_key", "s3cret"};
    assertThat(parse("endpoint", url, "sts_endpoint", url, keys[0], keys[1], keys[2], keys[3]))
        .extracting(AwsSettings::endpoint)
        .matches(Optional::isPresent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "https://amazonaws.com.evil.example", "http://[::1]:5000"})
  void what_the_process_finds_logs_in_at_aws_alone(String url) {
    assertThatThrownBy(() -> parse("sts_endpoint", url))
        .hasMessageStartingWith("sts_endpoint is \"%s\" without an access key".formatted(url));
    assertThat(parse("sts_endpoint", "https://vpce-1.sts.eu-central-1.vpce.amazonaws.com"))
        .extracting(AwsSettings::stsEndpoint)
        .matches(Optional::isPresent);
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com, must be https",
    "ftp://example.com, must be an https URL",
    "https://example.com/path, must be an https URL",
    "https://example.com?token=s3cret, must be an https URL",
    "https://user:s3cret@example.com, must be an https URL",
    "'https://exa mple.com', without blanks",
    "example.com, must be an https URL"
  })
  void other_addresses_are_refused_without_showing_a_log_in(String url, String allowed) {
    for (var field : new String[] {"endpoint", "sts_endpoint"}) {
      assertThatThrownBy(() -> parse(field, url))
          .hasMessageStartingWith(field + " is \"")
          .hasMessageContaining(allowed)
          .hasMessageNotContaining("s3cret");
    }
  }

  @Test
  void an_access_key_has_two_parts() {
    assertThatThrownBy(() -> parse("access_key_id", "AKIA1"))
        .hasMessageStartingWith("secret_access_key is missing; must be given, since access_key_id");
    assertThatThrownBy(() -> parse("secret_access_key", "s3cret"))
        .hasMessageStartingWith("access_key_id is missing; must be given, since secret_access_key")
        .hasMessageNotContaining("s3cret");
    assertThatThrownBy(() -> parse("access_key_id", "A B", "secret_access_key", "s3cret"))
        .hasMessageStartingWith("access_key_id is \"A B\"; must be");
    assertThatThrownBy(() -> parse("access_key_id", "AKIA1", "secret_access_key", "s3c ret"))
        .hasMessageStartingWith("secret_access_key cannot be")
        .hasMessageNotContaining("s3c ret");

    var keys = parse("access_key_id", " AKIA1\n", "secret_access_key", "s3cret\n").keys();
    assertThat(keys.orElseThrow().id()).isEqualTo("AKIA1");
    assertThat(keys.orElseThrow().secret().reveal()).isEqualTo("s3cret");
    assertThat(keys.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:iam::123456789012:role/genesys",
        "arn:aws-us-gov:iam::123456789012:role/team/a+b=c,d.e@f_g-h",
        "arn:aws-cn:iam::123456789012:role/x"
      })
  void roles_are_told_by_their_arns(String arn) {
    assertThat(parse("role_arn", arn, "external_id", "ab").role()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genesys",
        "arn:aws:iam::123456789012:user/genesys",
        "arn:aws:iam::12345678901:role/genesys",
        "arn:aws:iam:eu-central-1:123456789012:role/genesys",
        "arn:aws:sts::123456789012:assumed-role/genesys/x",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/a b",
        "arn:gcp:iam::123456789012:role/genesys"
      })
  void what_is_no_role_is_refused(String arn) {
    assertThatThrownBy(() -> parse("role_arn", arn))
        .hasMessageStartingWith("role_arn is \"" + arn)
        .hasMessageContaining("must be the ARN of an IAM role");
  }

  @Test
  void an_external_id_is_one_of_a_role() {
    assertThatThrownBy(() -> parse("external_id", "abc"))
        .hasMessageStartingWith("external_id is given without role_arn; must be left out");
    assertThatThrownBy(
            () -> parse("role_arn", "arn:aws:iam::123456789012:role/x", "external_id", "a"))
        .hasMessageStartingWith("external_id is \"a\"; must be 2 to 1,224");
  }

  @ParameterizedTest
  @CsvSource({"kms_key_id, alias/x", "description, x", "tags, '{\"a\":\"b\"}'"})
  void what_is_of_secrets_that_are_made_needs_that_they_are(String field, String value) {
    assertThatThrownBy(() -> parse(field, value))
        .hasMessage(
            "%s is given without create_secret; must be left out, or create_secret be true: it is of secrets that are made"
                .formatted(field));
    assertThatCode(() -> parse(field, value, "create_secret", "true")).doesNotThrowAnyException();
  }

  private static String tags(int count) {
    var tags = new HashMap<String, String>();
    for (int i = 0; i < count; i++) {
      tags.put("tag" + i, "");
    }
    return Forms.text(tags);
  }

  @Test
  void tags_have_the_limits_of_aws() {
    assertThat(parse("create_secret", "true", "tags", tags(50)).creation().orElseThrow().tags())
        .hasSize(50);
    assertThatThrownBy(() -> parse("create_secret", "true", "tags", tags(51)))
        .hasMessage("tags are 51; must be at most 50");
  }

  private static String tag(String key, String value) {
    return Forms.text(Map.of(key, value));
  }

  @Test
  void a_tag_has_the_limits_of_aws() {
    assertThatCode(
            () -> parse("create_secret", "true", "tags", tag("k".repeat(128), "v ü+".repeat(64))))
        .doesNotThrowAnyException();
    for (var tag :
        new String[] {
          tag("k".repeat(129), ""),
          tag("", "x"),
          tag("a;b", ""),
          tag("a", "b".repeat(257)),
          tag("a", "{b}"),
          tag("aws:x", ""),
          tag("AWS:x", "")
        }) {
      assertThatThrownBy(() -> parse("create_secret", "true", "tags", tag))
          .as(tag)
          .hasMessageContaining("; must be ");
    }
  }

  @Test
  void keys_and_descriptions_have_the_limits_of_aws() {
    assertThatThrownBy(() -> parse("create_secret", "true", "kms_key_id", "a key"))
        .hasMessageStartingWith("kms_key_id is \"a key\"; must be");
    assertThatThrownBy(() -> parse("create_secret", "true", "description", "x".repeat(2_049)))
        .hasMessageContaining("must be at most 2,048 characters")
        .message()
        .hasSizeLessThan(300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "apps/crm",
        "A-z_0/+=.@-",
        "apps/crm-a1B2c3",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/crm-a1B2c3",
        "arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:x-123456"
      })
  void entries_are_names_and_whole_arns(String entry) {
    assertThat(SecretId.of(entry).text()).isEqualTo(entry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "apps crm",
        "apps:crm",
        "ümlaut",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/crm",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:-a1B2c3",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/crm-a1B2c!",
        "arn:aws:secretsmanager:eu:123456789012:secret:apps/crm-a1B2c3",
        "arn:aws:secretsmanager:eu-central-1:1:secret:apps/crm-a1B2c3",
        "arn:aws:ssm:eu-central-1:123456789012:secret:apps/crm-a1B2c3",
        "arn:aws:secretsmanager:eu-central-1:123456789012:key:apps/crm-a1B2c3",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:apps/crm-a1B2c3:json:AWSCURRENT:"
      })
  void other_entries_are_refused(String entry) {
    assertThatThrownBy(() -> SecretId.of(entry))
        .hasMessageStartingWith("\"" + entry.substring(0, Math.min(entry.length(), 90)))
        .hasMessageContaining("is no secret of AWS Secrets Manager; must be its name");
  }

  @Test
  void a_name_may_have_512_characters() {
    assertThatCode(() -> SecretId.of("x".repeat(512))).doesNotThrowAnyException();
    assertThatThrownBy(() -> SecretId.of("x".repeat(513))).message().hasSizeLessThan(500);
  }
}
