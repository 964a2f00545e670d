package dev.genesysvault.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.queue.ClientQueue;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.StorageException.Kind;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InMemoryStorage;
import dev.genesysvault.testing.SeededRandomness;
import dev.genesysvault.upstream.Delays;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What whoever disables a mount is told of what its storage knew. */
final class LeftoverWarningsTest {
  private final InMemoryStorage storage = new InMemoryStorage();
  private final ClientQueue clientQueue =
      new ClientQueue(new FakeTime(), new SystemLocks(), new SeededRandomness(), Delays.STANDARD);

  @Test
  void a_record_that_cannot_be_read_hides_no_other() throws Exception {
    record("a");
    storage.put("clients/b", new byte[] {'{'});
    record("c");
    storage.put("static-creds/crm", new byte[] {'{'});

    assertThat(warnings())
        .hasSize(4)
        .anyMatch(warning -> warning.contains("client client-of-a"))
        .anyMatch(warning -> warning.startsWith("clients/b cannot be read"))
        .anyMatch(warning -> warning.contains("client client-of-c"))
        .anyMatch(warning -> warning.startsWith("static-creds/crm cannot be read"));
  }

  @Test
  void an_entry_that_storage_does_not_give_hides_no_other() throws Exception {
    record("a");
    record("b");
    storage.failWhen(Kind.OTHER, "get clients/a"::equals);

    assertThat(warnings())
        .hasSize(2)
        .anyMatch(warning -> warning.startsWith("clients/a cannot be read"))
        .anyMatch(warning -> warning.contains("client client-of-b"));
  }

  @Test
  void a_folder_that_cannot_be_listed_hides_no_other() throws Exception {
    record("a");
    storage.failWhen(Kind.OTHER, "list journal/"::equals);

    assertThat(warnings())
        .hasSize(2)
        .anyMatch(warning -> warning.contains("below journal/ cannot be listed"))
        .anyMatch(warning -> warning.contains("client client-of-a"));
  }

  @Test
  void a_promise_that_was_not_kept_is_named_with_its_client() throws Exception {
    record("a");
    put(
        "journal/a",
        """
        {"version": 1, "internal_data": {"client_id": "client-of-a", "names": ["vault-demo-a"], "organization_id": "org-1"},
         "journaled_time": "2026-01-01T00:00:00Z"}
        """);

    assertThat(warnings().getFirst())
        .contains("journal/a")
        .contains("client client-of-a ([vault-demo-a]) in organisation org-1")
        .contains("written down and is not done");
  }

  @Test
  void more_than_a_thousand_are_counted() throws Exception {
    for (int i = 0; i < LeftoverWarnings.MOST_NAMED + 3; i++) {
      record("k%05d".formatted(i));
    }

    assertThat(warnings())
        .hasSize(LeftoverWarnings.MOST_NAMED + 1)
        .last()
        .isEqualTo("and 3 more below clients/");
  }

  @Test
  void who_is_handed_out_has_a_lease_and_everybody_else_lives_on() throws Exception {
    record("a");
    put(
        "clients/b",
        """
        {"version": 1, "state": "retiring", "kind": "dynamic", "names": ["vault-demo-b"], "client_id": "client-of-b",
         "organization_id": "org-1", "body": {}, "created": "2026-01-01T00:00:00Z"}
        """);
    put(
        "clients/c",
        """
        {"version": 1, "state": "creating", "kind": "dynamic", "names": ["vault-demo-c"],
         "organization_id": "org-1", "body": {}, "created": "2026-01-01T00:00:00Z"}
        """);

    assertThat(left().active()).containsExactly("client-of-b");
    assertThat(left().others()).isEqualTo(1);
  }

  private LeftoverWarnings.Left left() throws InterruptedException {
    return new LeftoverWarnings(new MountStorage(storage), clientQueue).look();
  }

  private List<String> warnings() throws InterruptedException {
    return left().warnings();
  }

  private void record(String key) {
    put(
        "clients/" + key,
        """
        {"version": 1, "state": "issued", "kind": "dynamic", "names": ["vault-demo-%1$s"], "client_id": "client-of-%1$s",
         "organization_id": "org-1", "body": {}, "created": "2026-01-01T00:00:00Z"}
        """
            .formatted(key));
  }

  private void put(String key, String text) {
    storage.put(key, text.getBytes(StandardCharsets.UTF_8));
  }
}
