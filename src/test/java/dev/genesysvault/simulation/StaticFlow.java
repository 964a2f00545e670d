package dev.genesysvault.simulation;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** What becomes of the clients of static roles. */
enum StaticFlow implements Flow {
  /** A static role is made, and its first client. */
  STATIC_FIRST {
    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
    }
  },

  /** A static credential is rotated when it is due, and its former client goes. */
  STATIC_ROTATE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.staticRole(mount, "steady", Duration.ofMinutes(40), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(37));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(15));
    }
  },

  /** A slot of a schedule comes. */
  STATIC_SLOT {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var slot = world.scheduler.now().plus(Duration.ofMinutes(40)).atZone(ZoneOffset.UTC);
      mount.staticFields.put(
          "rotation_schedule", "%d %d * * *".formatted(slot.getMinute(), slot.getHour()));
      var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(1), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(37));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(15));
    }
  },

  /** A static credential is rotated by hand. */
  STATIC_BY_HAND {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** Somebody wants a rotation once, and says so again and again. */
  STATIC_ONCE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      for (int minutes : new int[] {0, 1, 12}) {
        world.scheduler.sleep(Duration.ofMinutes(minutes));
        var _ = world.statics.rotateOnce(mount, "steady", "token-1");
      }
      world.scheduler.sleep(Duration.ofMinutes(12));
      Schedule.check(world, StaticOperations.checkOnce(mount, "steady"));
    }
  },

  /** A static credential is rotated in an emergency. */
  STATIC_EMERGENCY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.rotate(mount, "steady", "emergency");
      world.scheduler.sleep(Duration.ofMinutes(2));
    }
  },

  /** A client that somebody made is adopted, and rotated. */
  STATIC_IMPORT {
    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.importingRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
      var _ = world.statics.rotate(mount, "steady");
      world.statics.importAndRelease(mount, "let-go");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** Somebody looks at what an import would find, before there is a static role and after. */
  STATIC_REHEARSAL {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.deferredRole(mount, "steady", Duration.ofDays(30), GRACE);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var original = mount.original("steady");
      world.imports.rehearse(mount, "nowhere", original);
      world.imports.rehearse(mount, "steady", original);
    }
  },

  /** A client is imported again and again, and rotated first when that was asked for. */
  STATIC_PLANNED {
    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var first =
          world.scheduler.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofMinutes(90));
      var _ = world.statics.plannedRole(mount, "steady", Duration.ofHours(2), GRACE, first);
      world.imports.again(mount, "steady", first);
      world.sidecars.kill();
      world.imports.again(mount, "steady", first);
      world.scheduler.sleep(Duration.between(world.scheduler.now(), first).plusMinutes(30));
      world.imports.again(mount, "steady", first);
    }
  },

  /** Two static roles are to have one client, at the same time. */
  STATIC_ONE_CLIENT {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var original = world.statics.deferredRole(mount, "left", Duration.ofDays(30), GRACE);
      world.statics.deferredRole(mount, "right", original, Duration.ofDays(30), GRACE);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.imports.race(mount, "left", "right");
    }
  },

  /** A static credential that copies a client is rotated. */
  STATIC_COPY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.copyingRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** A former client goes once it is quiet; the clock says early that the wait is over. */
  STATIC_USAGE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      mount.staticFields.put("usage_check", "wait");
      mount.staticFields.put("usage_check_max_wait", 1_200);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
      var _ = world.statics.rotate(mount, "steady");
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.sidecars.setClockWrong(Duration.ofDays(1));
      world.scheduler.sleep(Duration.ofMinutes(1));
      world.sidecars.kill();
      world.scheduler.sleep(Duration.ofMinutes(40));
      world.sidecars.setClockWrong(Duration.ZERO);
    }
  },

  /** A grace is made shorter, and the next rotation comes before readers can know. */
  STATIC_EDIT {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.steady(world, mount, Duration.ofMinutes(5));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var shorter = Duration.ofSeconds(30);
      var _ = world.statics.writeStaticRole(mount, "steady", Duration.ofDays(30), shorter);
      var _ = world.statics.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** The clock of the sidecar's host is wrong from the middle of a grace on, and it dies. */
  STATIC_CLOCK {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
      var _ = world.statics.rotate(mount, "steady");
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.wrongClock(world);
    }
  },

  /** A rotation waits for one destination, has reached the other one, and its role is edited. */
  STATIC_SENT {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.use(mount, true);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.seal("other", true);
      var _ = world.statics.rotate(mount, "steady");
      var pairs = List.of(SimulatedWorld.HELD_PAIR, SimulatedWorld.SECOND_PAIR);
      var _ =
          world.statics.writeStaticRole(
              mount, "steady", Duration.ofDays(30), GRACE, Map.of("role_divisions", pairs));
      world.scheduler.sleep(Duration.ofMinutes(1));
      world.elsewhere.seal("other", false);
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** A static credential is rotated with which an integration of the organisation logs in. */
  STATIC_SENT_INTEGRATION {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.useIntegration(mount);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** A static credential is rotated that is in a secret which shows the former one, too. */
  STATIC_SENT_SECRETS {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.useSecrets(mount);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.rotatedAndResent(world, mount);
    }
  },

  /** A static credential is rotated that goes to destinations of several kinds at once. */
  STATIC_SENT_EVERYWHERE {
    // What one destination does to it, the flows of one kind show.
    @Override
    public boolean concerns(SystematicChaos.Operation operation, Mishap mishap) {
      return operation.door() != Mishap.Door.STORAGE_READ
          && (mishap == Mishap.SIDECAR_DIES_BEFORE || mishap == Mishap.SIDECAR_DIES_AFTER);
    }

    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.use(mount, false);
      world.elsewhere.useIntegration(mount);
      world.elsewhere.useSecrets(mount);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.rotatedAndResent(world, mount);
    }
  },

  /** What was sent elsewhere leaks, and those who have it are away. */
  STATIC_SENT_EMERGENCY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.use(mount, false);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.seal("required", true);
      var answer = world.statics.rotate(mount, "steady", "emergency");
      if (world.undisturbed) {
        Schedule.check(world, Elsewhere.checkEmergency(answer));
      }
      world.scheduler.sleep(Duration.ofMinutes(2));
      world.elsewhere.seal("required", false);
      world.scheduler.sleep(Duration.ofMinutes(2));
    }
  },

  /** A static role is deleted whose credential was sent elsewhere. */
  STATIC_SENT_DELETE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.elsewhere.use(mount, false);
      FlowSteps.steady(world, mount, Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.statics.readers().forEach(Reader::end);
      var _ = world.statics.deleteStaticRole(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(10));
      if (world.undisturbed) {
        Schedule.check(world, world.elsewhere.checkTakenAway(mount, "steady"));
      }
    }
  },

  /** A client leaks while many static roles are due. */
  EMERGENCY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).dueTogether();
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).emergencyAmongDueRoles();
    }
  },

  /** A static role is deleted while its former client is in its grace. */
  STATIC_DELETE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      var _ = world.statics.rotate(mount, "steady");
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.statics.readers().forEach(Reader::end);
      var _ = world.statics.deleteStaticRole(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(1));
    }
  }
}
