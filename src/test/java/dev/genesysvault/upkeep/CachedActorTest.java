package dev.genesysvault.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.client.Orders;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.upkeep.ClientUpkeep.ActorState;
import dev.genesysvault.upstream.Actor;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CachedActorTest {
  private final FakeTime time = new FakeTime();
  private final Configuration configuration = new Configuration();
  private final CachedActor present = new CachedActor(configuration, time);

  /** Whom the mount's configuration names. */
  private static final class Configuration implements ClientUpkeep.Actors {
    private String own = "first";
    private long generation;
    private int asked;

    @Override
    public ActorState current() {
      asked++;
      return new ActorState.Ready(
          new Actor(
              Orders.MARK,
              new ClientId(own),
              new Organization("org-1", ""),
              Orders.ENDPOINT,
              new FakeGenesys(),
              Orders.NONE));
    }

    @Override
    public long generation() {
      return generation;
    }
  }

  @Test
  void is_asked_for_once_while_nothing_changes() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(own()).isEqualTo("first");
    }

    assertThat(configuration.asked).isEqualTo(1);
  }

  @Test
  void is_another_one_at_once_when_the_configuration_was_written() throws Exception {
    assertThat(own()).isEqualTo("first");
    configuration.own = "second";
    configuration.generation++;

    assertThat(own()).isEqualTo("second");
    assertThat(own()).isEqualTo("second");
    assertThat(configuration.asked).isEqualTo(2);
  }

  @Test
  void is_another_one_soon_when_it_was_written_elsewhere() throws Exception {
    assertThat(own()).isEqualTo("first");
    configuration.own = "second";

    time.advance(Duration.ofSeconds(10));

    assertThat(own()).isEqualTo("second");
  }

  private String own() throws InterruptedException {
    return present.get() instanceof ActorState.Ready(var actor) ? actor.ownClientId().value() : "";
  }
}
