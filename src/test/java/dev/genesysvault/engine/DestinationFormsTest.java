package dev.genesysvault.engine;

import static dev.genesysvault.engine.Replies.data;
import static dev.genesysvault.engine.Replies.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fields of {@code destinations/<name>} that are flags, lists or pairs. */
final class DestinationFormsTest {
  private static final Map<String, String> AWS = Map.of("name", "aws");
  private static final Map<String, String> GOOGLE = Map.of("name", "google");
  private static final Map<String, String> CHECK = Map.of("destination", "aws");
  private final EngineHarness it = new EngineHarness();

  @BeforeEach
  void configured() throws Exception {
    it.configure();
    var fields = new HashMap<String, Object>(it.aws.settings());
    fields.put("kind", "aws_secrets_manager");
    fields.put("create_secret", true);
    fields.put("tags", Map.of("team", "crm", "cost", "7"));
    assertThat(it.write("destinations/name", AWS, fields)).isEqualTo(Reply.written(List.of()));
  }

  private Map<String, Object> shown(Map<String, String> which) throws InterruptedException {
    return Map.copyOf(data(it.read("destinations/name", which)));
  }

  @Test
  void they_show_as_what_they_are() throws Exception {
    assertThat(shown(AWS))
        .containsEntry("create_secret", true)
        .containsEntry("restore_secret", false)
        .containsEntry("tags", Map.of("team", "crm", "cost", "7"))
        .containsEntry("description", "")
        .doesNotContainKeys("secret_access_key", "labels", "replicas");

    var _ =
        it.write(
            "destinations/name",
            GOOGLE,
            Map.of(
                "kind",
                "gcp_secret_manager",
                "project_id",
                "acme-prod",
                "create_secret",
                true,
                "replicas",
                List.of("europe-west3", "europe-west4")));

    assertThat(shown(GOOGLE))
        .containsEntry("replicas", List.of("europe-west3", "europe-west4"))
        .containsEntry("labels", Map.of())
        .containsEntry("destroy_former", false);
  }

  @Test
  void a_later_write_keeps_changes_or_takes_away() throws Exception {
    var _ = it.write("destinations/name", AWS, Map.of("tags", Map.of("team", "billing")));
    assertThat(shown(AWS)).containsEntry("tags", Map.of("team", "billing"));
    var _ = it.write("destinations/name", AWS, Map.of("restore_secret", true));
    assertThat(shown(AWS))
        .containsEntry("tags", Map.of("team", "billing"))
        .containsEntry("restore_secret", true);

    assertThat(refusal(it.write("destinations/name", AWS, Map.of("create_secret", false)), 400))
        .contains("tags is given without create_secret");
    var _ = it.write("destinations/name", AWS, Map.of("create_secret", false, "tags", Map.of()));

    assertThat(shown(AWS)).containsEntry("create_secret", false).containsEntry("tags", Map.of());
  }

  @Test
  void what_it_was_written_with_again_changes_nothing() throws Exception {
    var before = it.storage.text("sealed/destinations/aws");

    var _ = it.write("destinations/name", AWS, Map.of("tags", Map.of("cost", "7", "team", "crm")));

    assertThat(it.storage.text("sealed/destinations/aws")).isEqualTo(before);
  }

  @Test
  void what_aws_counts_by_the_day_is_not_mended_more_often_than_that() throws Exception {
    var fields = Map.<String, Object>of("auto_repair", true, "drift_check", 1_799);

    assertThat(refusal(it.write("destinations/name", AWS, fields), 400))
        .isEqualTo(
            "drift_check is 1799 seconds with auto_repair=true; must be at least 1800 for the kind aws_secrets_manager, whose service takes so many writes of an entry a day, or 0 for never: raise drift_check, or write auto_repair=false");
    assertThat(shown(AWS))
        .containsEntry("auto_repair", false)
        .containsEntry("drift_check", 86_400L);
  }

  @Test
  void a_later_write_brings_neither_of_both_past_the_other() throws Exception {
    var _ = it.write("destinations/name", AWS, Map.of("drift_check", 60));
    assertThat(refusal(it.write("destinations/name", AWS, Map.of("auto_repair", true)), 400))
        .contains("drift_check is 60 seconds with auto_repair=true");

    var _ = it.write("destinations/name", AWS, Map.of("auto_repair", true, "drift_check", 1_800));
    assertThat(refusal(it.write("destinations/name", AWS, Map.of("drift_check", 900)), 400))
        .contains("drift_check is 900 seconds with auto_repair=true");
    var _ = it.write("destinations/name", AWS, Map.of("drift_check", 0));
    assertThat(shown(AWS)).containsEntry("auto_repair", true).containsEntry("drift_check", 0L);
  }

  @Test
  void a_check_tries_to_write_where_that_is_wanted_and_seen_by_nobody() throws Exception {
    it.aws.secrets().create("apps/crm", "{}");

    var quiet = data(it.write("destinations/check", CHECK, Map.of("name", "apps/crm")));
    assertThat(quiet.toString()).contains("ok=true").doesNotContain("name=write");
    assertThat(it.aws.asked()).doesNotContain("PutSecretValue");

    var tried =
        data(it.write("destinations/check", CHECK, Map.of("name", "apps/crm", "write", true)));
    assertThat(tried.toString()).contains("ok=true", "name=write");
    assertThat(it.aws.asked()).contains("PutSecretValue");
    assertThat(it.aws.secrets().read("apps/crm", "AWSCURRENT")).contains("{}");
  }

  @Test
  void no_check_writes_to_other_kinds() throws Exception {
    var _ =
        it.write(
            "destinations/name",
            Map.of("name", "kv"),
            Map.of("kind", "vault_kv", "address", "kv.test"));

    assertThat(
            refusal(
                it.write(
                    "destinations/check",
                    Map.of("destination", "kv"),
                    Map.of("name", "apps/crm", "write", true)),
                400))
        .contains("write is true; must be false for the kind vault_kv");
  }
}
