package dev.genesysvault.destination.google;

import static dev.genesysvault.destination.google.OtherGoogle.NEXT;
import static dev.genesysvault.destination.google.OtherGoogle.VALUE;
import static dev.genesysvault.destination.google.OtherGoogle.json;
import static dev.genesysvault.destination.google.OtherGoogle.soon;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.secretmanager.v1.SecretVersion.State;
import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.Destination.Removed;
import dev.genesysvault.destination.Destination.Sent;
import dev.genesysvault.destination.Value;
import dev.genesysvault.testing.PlayedGoogle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A first sending and a rotation that are cut short at each call in turn, before or after it has
 * its effect, and go on with another process, which knows no more than what is stored: the versions
 * that were confirmed.
 */
final class GcpCutShortTest {
  private static final int MOST_CALLS = 100;
  private static final String ALIAS = "present";

  private final OtherGoogle other = new OtherGoogle();

  GcpCutShortTest() throws Exception {}

  @AfterEach
  void stop() {
    other.close();
  }

  /** One of them. */
  private final class Story {
    private final String entry;
    private final String secret;
    private final boolean alias;
    private Destination process;
    private final List<String> confirmed = new ArrayList<>();
    private final List<Value> alive = new ArrayList<>();

    private Story(String entry, boolean alias) {
      this.entry = entry;
      this.secret = PlayedGoogle.name(entry);
      this.alias = alias;
      this.process = another();
    }

    private Destination another() {
      return alias
          ? other.open("create_secret", "true", "alias", ALIAS)
          : other.open("create_secret", "true");
    }

    private void readersGetOneThatWorks() {
      var read = other.secrets().read(secret, alias ? ALIAS : "latest");
      assertThat(alive).extracting(it -> json(it.members())).contains(read);
    }

    private void send(Value value) throws InterruptedException {
      boolean first = alive.isEmpty();
      alive.add(value);
      var sent = process.send(entry, value, soon());
      if (!(sent instanceof Sent.Confirmed)) {
        if (!first) {
          readersGetOneThatWorks();
        }
        process = another();
        sent = process.send(entry, value, soon());
      }
      assertThat(sent).isInstanceOf(Sent.Confirmed.class);
      confirmed.add(((Sent.Confirmed) sent).version());
      assertThat(other.secrets().read(secret, alias ? ALIAS : "latest"))
          .isEqualTo(json(value.members()));
    }

    /** The former client has ended. */
    private void retire() throws InterruptedException {
      alive.removeFirst();
      var former = List.of(confirmed.removeFirst());
      if (!process.retire(entry, confirmed.getLast(), former, soon()).equals(new Removed.Done())) {
        readersGetOneThatWorks();
        process = another();
        assertThat(process.retire(entry, confirmed.getLast(), former, soon()))
            .isEqualTo(new Removed.Done());
      }
      readersGetOneThatWorks();
    }

    private void run() throws InterruptedException {
      send(VALUE);
      send(NEXT);
      retire();
    }

    private long enabled() {
      return other.secrets().states(secret).stream().filter(State.ENABLED::equals).count();
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void it_ends_with_one_enabled_version_that_readers_get(boolean alias, boolean done)
      throws Exception {
    int calls =
        IntStream.range(0, MOST_CALLS)
            .filter(index -> !cutShort("crm-" + index, alias, index, done))
            .findFirst()
            .orElseThrow();

    assertThat(calls).isGreaterThan(12);
  }

  /** Returns whether there was such a call. */
  private boolean cutShort(String entry, boolean alias, int index, boolean done) {
    var story = new Story(entry, alias);
    other.google.loseCall(index, done);
    try {
      story.run();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts it", e);
    }
    assertThat(story.enabled()).as("cut short at call %d", index).isEqualTo(1);
    return !other.google.losesNothing();
  }
}
