package dev.genesysvault.arch;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Every way round the doors that {@link DoorsTest} has to see, one in each class; never called. */
@SuppressWarnings({"unused", "JavaTimeDefaultTimeZone", "ThreadPriorityCheck", "WaitNotInLoop"})
final class WaysRound {
  private WaysRound() {}

  static final class Sleeping {
    static void go() throws InterruptedException {
      Thread.sleep(1);
    }
  }

  static final class SleepingByUnit {
    static void go() throws InterruptedException {
      TimeUnit.SECONDS.sleep(1);
    }
  }

  static final class Starting {
    static Thread go() {
      return Thread.ofVirtual().start(() -> {});
    }
  }

  static final class Rolling {
    static int go() {
      return ThreadLocalRandom.current().nextInt();
    }
  }

  static final class RollingOld {
    static int go() {
      return new Random().nextInt();
    }
  }

  static final class RollingSplit {
    static int go() {
      return new SplittableRandom().nextInt();
    }
  }

  static final class RollingMath {
    static double go() {
      return Math.random();
    }
  }

  static final class RollingIds {
    static UUID go() {
      return UUID.randomUUID();
    }
  }

  static final class RollingIdsByReference {
    static Supplier<UUID> go() {
      return UUID::randomUUID;
    }
  }

  static final class Shuffling {
    static void go(List<Integer> all) {
      Collections.shuffle(all);
    }
  }

  static final class ReadingTheClock {
    static Instant go() {
      return Instant.now();
    }
  }

  static final class ReadingTheClockByReference {
    static Supplier<Instant> go() {
      return Instant::now;
    }
  }

  static final class ReadingTheLocalClock {
    static LocalDateTime go() {
      return LocalDateTime.now();
    }
  }

  static final class ReadingTheZonedClock {
    static ZonedDateTime go() {
      return ZonedDateTime.now();
    }
  }

  static final class ReadingAClock {
    static long go() {
      return Clock.systemUTC().millis();
    }
  }

  static final class ReadingASource {
    static InstantSource go() {
      return InstantSource.system();
    }
  }

  static final class ReadingNanos {
    static long go() {
      return System.nanoTime();
    }
  }

  static final class ReadingMillis {
    static long go() {
      return System.currentTimeMillis();
    }
  }

  static final class SynchronizingAMethod {
    synchronized int go() {
      return 1;
    }
  }

  static final class SynchronizingABlock {
    int go() {
      synchronized (this) {
        return 1;
      }
    }
  }

  static final class Waiting {
    void go() throws InterruptedException {
      wait(1);
    }
  }

  static final class Notifying {
    void go() {
      notifyAll();
    }
  }

  static final class Locking {
    static void go() {
      new ReentrantLock().lock();
    }
  }

  static final class Counting {
    static long go() {
      return new AtomicLong().incrementAndGet();
    }
  }

  static final class GoingParallel {
    static Stream<Integer> go() {
      return new ArrayList<Integer>().parallelStream();
    }
  }

  static final class GoingParallelLater {
    static Stream<Integer> go(List<Integer> all) {
      return all.stream().parallel();
    }
  }
}
