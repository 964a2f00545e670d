package dev.genesysvault.destination.aws;

import static dev.genesysvault.destination.aws.PlayedAws.ENTRY;
import static dev.genesysvault.destination.aws.PlayedAws.NEXT;
import static dev.genesysvault.destination.aws.PlayedAws.TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.destination.Destination.Seen;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.destination.Value;
import dev.genesysvault.destination.ValueJson;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.testing.CapturedLogs;
import dev.genesysvault.testing.PlayedSecretsManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.secretsmanager.model.CreateSecretRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.PutSecretValueRequest;

/** What is said where AWS does not do what it was asked. */
final class AwsFailuresTest {
  private final PlayedAws played = new PlayedAws();

  @BeforeEach
  void a_secret_of_before() {
    played.secrets.create(ENTRY, TEXT);
  }

  private DestinationFailure met(int status, String code) throws InterruptedException {
    played.aws.refuse("PutSecretValue", status, code, "told so");
    return played.failure(NEXT, "one");
  }

  @ParameterizedTest
  @CsvSource({"PutSecretValue", "UpdateSecretVersionStage"})
  void a_success_that_is_not_of_aws_is_not_believed(String action) throws Exception {
    var nobodys = new Transport.Reply(204, Map.of(), new byte[0]);
    played.aws.once(action, _ -> nobodys);

    assertThat(played.failure(NEXT, "one").why().text()).contains("not AWS' own");
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT")).contains(TEXT);

    assertThat(played.send(NEXT, "one")).isInstanceOf(Sent.Confirmed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400, ResourceNotFoundException, ENTRY, does not take the version",
    "400, InvalidRequestException, ENTRY, does not take the version",
    "400, InvalidParameterException, ENTRY, does not take the version",
    "400, PreconditionNotMetException, ENTRY, does not take the version",
    "400, AccessDeniedException, ENTRY, secretsmanager:PutSecretValue on arn:aws:secretsmanager:*:*:secret:apps/crm-?????? has to be allowed",
    "400, EncryptionFailure, ENTRY, kms:GenerateDataKey and kms:Decrypt",
    "400, DecryptionFailure, ENTRY, kms:GenerateDataKey and kms:Decrypt",
    "400, LimitExceededException, ENTRY, a quota of AWS is used up",
    "400, ThrottlingException, DESTINATION, no more requests for now",
    "400, TooManyRequestsException, DESTINATION, no more requests for now",
    "429, '', DESTINATION, no more requests for now",
    "400, ExpiredTokenException, DESTINATION, does not take the access key or session",
    "400, UnrecognizedClientException, DESTINATION, does not take the access key or session",
    "400, InvalidSignatureException, DESTINATION, does not take the access key or session",
    "400, UnknownOperationException, DESTINATION, check region and endpoint",
    "400, RequestTimeTooSkewed, DESTINATION, set the clock",
    "500, InternalServiceError, DESTINATION, has a fault",
    "503, ServiceUnavailable, DESTINATION, has a fault",
    "502, '', DESTINATION, has a fault",
    "307, '', DESTINATION, not AWS' own answer",
    "403, '', DESTINATION, not AWS' own answer",
    "404, '', DESTINATION, not AWS' own answer"
  })
  void every_refusal_says_how_far_it_reaches_and_what_to_do(
      int status, String code, Extent extent, String advice) throws Exception {
    var failure = met(status, code);

    assertThat(failure.extent()).isEqualTo(extent);
    assertThat(failure.why().text())
        .startsWith(
            "PutSecretValue of apps/crm at AWS eu-central-1 (https://secretsmanager.example.com): HTTP %d"
                .formatted(status))
        .contains(advice)
        .endsWith("(request id request-3)");
    assertThat(played.secrets.read(ENTRY, "AWSCURRENT")).contains(TEXT);
  }

  @Test
  void a_quota_that_is_used_up_is_not_asked_for_again_soon() throws Exception {
    played.secrets.bound(1);

    var failure = played.failure(NEXT, "one");
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofHours(1));
    assertThat(failure.why().text()).contains("maximum number of versions");
    assertThat(met(400, "ThrottlingException").retryAfter()).isZero();
  }

  @Test
  void a_permission_that_is_missing_is_named_with_whom_it_is_missing_to() throws Exception {
    played.aws.deny("UpdateSecretVersionStage");

    assertThat(played.failure(NEXT, "one").why().text())
        .contains(
            "AccessDeniedException: User: arn:aws:iam::123456789012:user/genesys is not authorized to perform: secretsmanager:UpdateSecretVersionStage",
            "; secretsmanager:UpdateSecretVersionStage on arn:aws:secretsmanager:*:*:secret:apps/crm-?????? has to be allowed");
    played.aws.allow("UpdateSecretVersionStage");
    played.sent(NEXT, "one");
  }

  @Test
  void a_key_that_may_not_be_used_is_told_from_a_permission_of_the_secret() throws Exception {
    played.aws.refuse(
        "GetSecretValue", 400, "AccessDeniedException", "Access to KMS is not allowed");

    assertThat(played.failure(NEXT, "one").why().text()).contains("the secret's KMS key");
  }

  @Test
  void a_clock_that_is_wrong_is_said_to_be_so_and_is_one_trouble() throws Exception {
    played.aws.setAhead(Duration.ofMinutes(6));
    var first = played.failure(NEXT, "one");
    played.time.advance(Duration.ofSeconds(1));
    var second = played.failure(NEXT, "one");

    assertThat(first.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(first.why().text())
        .contains("Signature expired: 2026-01-01T00:00:00Z", "this host's clock is wrong");
    assertThat(first.why().isSameAs(second.why())).isTrue();
  }

  @Test
  void signatures_say_the_sidecars_time() throws Exception {
    played.time.advance(Duration.ofDays(40));

    played.sent(NEXT, "one");
    assertThat(played.aws.requests().getFirst().headers().get("X-Amz-Date"))
        .startsWith("20260210T0000");
  }

  @Test
  void a_request_id_does_not_make_another_trouble_of_it() throws Exception {
    var first = met(400, "InternalServiceError");
    var second = met(400, "InternalServiceError");

    assertThat(first.why().text()).isNotEqualTo(second.why().text());
    assertThat(first.why().isSameAs(second.why())).isTrue();
  }

  @Test
  void what_every_entry_meets_is_one_trouble_and_what_one_meets_is_its_own() throws Exception {
    played.secrets.create("apps/other", TEXT);
    for (var code : new String[] {"ThrottlingException", "AccessDeniedException"}) {
      var one = met(400, code);
      played.aws.refuse("PutSecretValue", 400, code, "told so");
      var other =
          PlayedAws.failure(played.destination.send("apps/other", NEXT, played.errand("other")));

      assertThat(one.why().isSameAs(other.why())).isEqualTo(code.startsWith("Throttling"));
    }
  }

  @Test
  void aws_words_are_cut_and_without_control_characters() throws Exception {
    played.aws.refuse(
        "PutSecretValue", 400, "InvalidRequestException", "a\0b\nc\u202e" + "x".repeat(10_000));

    var text = played.failure(NEXT, "one").why().text();
    assertThat(text).contains("a b c xxx").hasSizeLessThan(1_000);
    assertThat(text.chars()).noneMatch(Character::isISOControl);
  }

  @ParameterizedTest
  @CsvSource({"s3cret-2", "secret-access-key-1"})
  void words_that_quote_a_secret_are_left_out(String secret) throws Exception {
    played.aws.refuse("PutSecretValue", 400, "ValidationException", "bad value " + secret);

    assertThat(played.failure(NEXT, "one").why().text()).contains("its words quote a secret");
  }

  @Test
  void a_code_that_is_none_is_not_shown() throws Exception {
    assertThat(met(400, "<b>x</b>").why().text()).doesNotContain("<b>");
  }

  @Test
  void a_reply_that_is_too_large_is_not_taken_in_and_concerns_its_entry() throws Exception {
    played.aws.answer("GetSecretValue", 200, "{\"x\":\"%s\"}".formatted("x".repeat(256 * 1024)));

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.ENTRY);
    assertThat(failure.why().text()).contains("HTTP 200 with more than 262,144 bytes");
  }

  @ParameterizedTest
  @CsvSource({"welcome", "{}", "'{\"VersionId\":'", "'<html>s3cret-2</html>'", "''"})
  void a_success_that_says_nothing_is_none(String body) throws Exception {
    played.aws.answer("GetSecretValue", 200, body);

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text()).contains("a proxy's? is it the address of AWS?");
  }

  @Test
  void deep_json_is_no_answer() throws Exception {
    played.aws.answer("GetSecretValue", 200, "[".repeat(100_000));

    assertThat(played.failure(NEXT, "one").extent()).isEqualTo(Extent.DESTINATION);
  }

  @Test
  void a_destination_that_nobody_reaches_says_so() throws Exception {
    played.aws.loseRequest("GetSecretValue");

    var failure = played.failure(NEXT, "one");
    assertThat(failure.extent()).isEqualTo(Extent.DESTINATION);
    assertThat(failure.why().text())
        .isEqualTo(
            "GetSecretValue of apps/crm at AWS eu-central-1 (https://secretsmanager.example.com): no connection: told so");
  }

  @Test
  void nobody_is_asked_after_the_deadline() throws Exception {
    var late =
        new Errand(
            Errand.id("late"),
            Deadline.in(Duration.ZERO, played.time),
            () -> new Found.Not("none"));

    var failure = PlayedAws.failure(played.destination.send(ENTRY, NEXT, late));
    assertThat(failure.why().text()).contains("no time was left to ask");
    assertThat(played.aws.requests()).isEmpty();
  }

  @Test
  void a_call_has_the_time_that_its_errand_has_left_and_ten_seconds_at_most() throws Exception {
    played.aws.before("PutSecretValue", () -> played.time.advance(Duration.ofSeconds(55)));
    played.sent(NEXT, "one");

    assertThat(played.aws.requests())
        .extracting(request -> request.timeout())
        .containsExactly(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
  }

  @Test
  void an_interruption_ends_an_errand() {
    played.aws.once(
        "GetSecretValue",
        _ -> {
          throw new InterruptedException();
        });

    assertThatThrownBy(() -> played.send(NEXT, "one")).isInstanceOf(InterruptedException.class);
  }

  @Test
  void one_thing_is_asked_once() throws Exception {
    met(500, "InternalServiceError");

    assertThat(played.aws.asked()).containsOnlyOnce("PutSecretValue");
  }

  @Test
  void no_text_of_the_library_shows_a_secret() {
    var texts =
        Map.of(
            "put", PutSecretValueRequest.builder().secretString("s3cret-2").build(),
            "create", CreateSecretRequest.builder().secretString("s3cret-2").build(),
            "get", GetSecretValueResponse.builder().secretString("s3cret-2").build());

    assertThat(texts.toString()).contains("Sensitive Data Redacted").doesNotContain("s3cret-2");
    assertThat(new ValueJson(NEXT).toString()).doesNotContain("s3cret-2");
    assertThat(new SecretCalls.Held("v", Optional.of("s3cret-2")).toString())
        .doesNotContain("s3cret-2");
    assertThat(played.destination.toString())
        .isEqualTo("AwsSecretsManager[AWS eu-central-1 (https://secretsmanager.example.com)]");
  }

  @Test
  void no_secret_is_logged() throws Exception {
    try (var logs = new CapturedLogs()) {
      met(400, "InvalidRequestException");
      played.sent(NEXT, "one");
      played.aws.loseAnswer("GetSecretValue");
      played.failure(NEXT, "two");

      assertThat(String.join("\n", logs.lines()))
          .doesNotContain("s3cret", PlayedSecretsManager.SECRET_ACCESS_KEY);
    }
  }

  @Test
  void values_of_any_kind_are_compared_as_json() throws Exception {
    var value = new Value(Map.of("n", 1, "share", 0.25, "list", List.of("a", Map.of("b", true))));
    played.sent(value, "one");

    assertThat(played.look(value)).isEqualTo(new Seen.AsSent());
    assertThat(played.sent(value, "two")).isEqualTo(PlayedAws.version("one"));
  }
}
