package dev.genesysvault.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.arch.Bytecode.Use;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Time, tasks, locks and chance come through the doors of {@code resilience} alone, so that a test,
 * or the simulation, decides them; here is every way round them.
 */
final class DoorsTest {
  /** Whose rules are tested on a clock that a test holds. */
  private static final List<String> ROOMS =
      List.of(
          "domain",
          "storage",
          "work",
          "upstream",
          "queue",
          "client",
          "upkeep",
          "destination",
          "rotation",
          "engine");

  /** The door itself, and the simulator, which is a process of its own. */
  private static final Set<String> WITH_A_CLOCK =
      Set.of(
          "dev.genesysvault.resilience.SystemTime", "dev.genesysvault.simulator.SimulatorServer");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.nanoTime()",
          "java.lang.System.currentTimeMillis()",
          "java.util.Date.<init>()",
          "java.util.Calendar.getInstance(",
          "java.util.GregorianCalendar.<init>(",
          "java.time.InstantSource.system(",
          "java.time.Clock.");

  private static final Set<String> OTHERS =
      Set.of(
          "synchronized",
          "java.util.concurrent.",
          "java.lang.Thread.",
          "java.lang.Thread$",
          "java.lang.ThreadLocal",
          "java.lang.ProcessBuilder.",
          "java.util.Timer",
          "java.util.Random",
          "java.util.SplittableRandom.",
          "java.util.random.",
          "java.security.SecureRandom.",
          "java.util.UUID.randomUUID(",
          "java.lang.Math.random(",
          "java.lang.StrictMath.random(",
          "java.util.Collections.shuffle(");

  private static final Set<String> OF_ANY_CLASS =
      Set.of(
          ".wait()V",
          ".wait(J)V",
          ".wait(JI)V",
          ".notify()V",
          ".notifyAll()V",
          ".parallelStream()Ljava/util/stream/Stream;",
          ".parallel()Ljava/util/stream/BaseStream;");

  private static boolean readsAClock(Use use) {
    boolean now = use.what().startsWith("java.time.") && use.what().contains(".now(");
    return now || CLOCKS.stream().anyMatch(use.what()::startsWith);
  }

  private static boolean goesRound(Use use) {
    return readsAClock(use)
        || OTHERS.stream().anyMatch(use.what()::startsWith)
        || OF_ANY_CLASS.stream().anyMatch(use.what()::endsWith);
  }

  private static List<Use> uses(String room) throws IOException {
    var uses = Bytecode.usesBelow(main().resolve("dev/genesysvault").resolve(room));
    assertThat(uses).as(room).isNotEmpty();
    return uses;
  }

  private static Path main() {
    return classesOf(dev.genesysvault.engine.Engine.class);
  }

  private static Path classesOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void no_room_goes_round_the_doors() throws IOException {
    for (var room : ROOMS) {
      assertThat(uses(room).stream().filter(DoorsTest::goesRound)).as(room).isEmpty();
    }
  }

  @Test
  void nobody_reads_a_clock_but_through_the_door() throws IOException {
    assertThat(uses("").stream().filter(DoorsTest::readsAClock).map(Use::of))
        .isSubsetOf(WITH_A_CLOCK);
  }

  @Test
  void every_way_round_is_seen() throws IOException {
    var ways = Stream.of(WaysRound.class.getDeclaredClasses()).map(Class::getName).toList();
    var seen =
        Bytecode.usesBelow(classesOf(DoorsTest.class).resolve("dev/genesysvault/arch")).stream()
            .filter(DoorsTest::goesRound)
            .map(Use::of)
            .toList();

    assertThat(ways).hasSizeGreaterThan(20);
    assertThat(seen).containsAll(ways);
  }
}
