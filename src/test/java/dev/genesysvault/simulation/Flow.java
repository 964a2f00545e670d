package dev.genesysvault.simulation;

import dev.genesysvault.simulator.Knob;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** What is done in a schedule in which one thing goes wrong at one operation. */
enum Flow {
  /** Somebody reads a credential. */
  ISSUE {
    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.credsWithRetries(mount, "demo");
    }
  },

  /** Vault asks again under the same request id, whatever became of the first time. */
  REPLAY {
    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var id = world.newRequestId();
      for (var wait : List.of(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(6))) {
        world.scheduler.sleep(wait);
        var answer = world.creds(mount, "demo", id);
        if (answer.isPresent() && !answer.get().serverError()) {
          return;
        }
      }
    }
  },

  /** A lease is renewed twice. */
  RENEW {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      for (int time = 1; time <= 2; time++) {
        world.scheduler.sleep(Duration.ofMinutes(25));
        for (var lease : world.vault.alive()) {
          var _ = world.vault.renew(lease, Duration.ZERO);
        }
      }
    }
  },

  /** Leases are revoked at once after they were made. */
  REVOKE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 2);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** A lease is revoked long after it was made, when nothing can be invisible any more. */
  REVOKE_LATER {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
      world.scheduler.sleep(Duration.ofMinutes(20));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** Vault keeps a lease until its client is gone. */
  REVOKE_STRICTLY {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** Somebody revokes a lease with -sync while Genesys is away, and never again. */
  REVOKE_STRICTLY_ONCE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.chaos.genesysDown(true);
      world.vault.revokeOnlyOnce(world.vault.leases().getFirst());
      world.chaos.genesysDown(false);
      world.scheduler.sleep(Duration.ofMinutes(10));
    }
  },

  /** The sidecar dies between the create and its answer; Genesys keeps names in upper case. */
  SETTLE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.turn(Map.of(Knob.LETTER_CASE.key(), "upper"));
      world.chaos.stage("POST api.a.test/api/v2/oauth/clients", 0, Mishap.SIDECAR_DIES_AFTER);
      var _ = world.creds(mount, "demo", world.newRequestId());
    }
  },

  /** Genesys is away while leases are revoked; the background ends their clients. */
  RETIRE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 3);
      world.chaos.genesysDown(true);
      FlowSteps.revokeAll(world);
      world.scheduler.sleep(Duration.ofSeconds(30));
      world.chaos.genesysDown(false);
    }
  },

  /** A client's answer never became a lease: the deadline ends it. */
  DEADLINE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.chaos.stage("put clients/", 1, Mishap.VAULT_DIES);
      var _ = world.creds(mount, "demo", world.newRequestId());
      world.scheduler.sleep(Duration.ofMinutes(65));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(20));
    }
  },

  /** A client has become so old that Genesys keeps it long after it was deactivated. */
  REVOKE_OLD {
    @Override
    Duration mostToSettle() {
      return Duration.ofHours(15);
    }

    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.turn(
          Map.of(
              Knob.DELETE_OLD_CLIENT.key(), "409",
              Knob.OLD_CLIENT_SECONDS.key(), 900,
              Knob.INACTIVE_BEFORE_DELETION_SECONDS.key(), 9_000));
      FlowSteps.lease(world, mount, 1);
      world.scheduler.sleep(Duration.ofMinutes(20));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** The sidecar is away while a lease is revoked, and comes back. */
  JOURNAL {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeWithoutSidecar(world, mount, 2, 2);
    }
  },

  /** As {@link #JOURNAL}, where Vault keeps the leases, and asks again. */
  JOURNAL_STRICTLY {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeWithoutSidecar(world, mount, 2, 2);
    }
  },

  /** As {@link #JOURNAL_STRICTLY}, where Vault does not ask again. */
  JOURNAL_STRICTLY_ONCE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeOnceWithoutSidecar(world, mount);
    }
  },

  /** A mount is disabled that has leases, and a client that is on its way out. */
  UNMOUNT {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 3);
      world.chaos.genesysDown(true);
      world.vault.revoke(world.vault.alive().getFirst());
      world.scheduler.sleep(Duration.ofSeconds(10));
      world.chaos.genesysDown(false);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.disable(mount);
    }
  },

  /** A mount is disabled as soon as a sidecar is there that was away while leases were revoked. */
  UNMOUNT_JOURNAL {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeWithoutSidecar(world, mount, 3, 2);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.sidecars.await(null);
      world.disable(mount);
    }
  },

  /** A mount with leases and a static role is moved; what was stopped for that goes on. */
  MOVE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 2);
      var _ = world.staticRole(mount, "steady", Duration.ofMinutes(40), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(35));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.move(mount, "elsewhere/");
      world.scheduler.sleep(Duration.ofMinutes(40));
    }
  },

  /** A mount moves to another organisation as soon as the former lets it go. */
  ORGANIZATION {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.otherOrganization(world, mount);
    }
  },

  /** As {@link #ORGANIZATION}, where Vault keeps the lease of a revoke that was cut. */
  ORGANIZATION_STRICTLY {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
      // The revoke was cut by now, and Vault has not asked again.
      world.scheduler.sleep(Duration.ofSeconds(5));
      var _ = world.config(mount, "b.test", "strict");
      world.scheduler.sleep(Duration.ofMinutes(2));
    }
  },

  /** A static role is made, and its first client. */
  STATIC_FIRST {
    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
    }
  },

  /** A static credential is rotated when it is due, and its former client goes. */
  STATIC_ROTATE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofMinutes(40), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(37));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(15));
    }
  },

  /** A slot of a schedule comes. */
  STATIC_SLOT {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var slot = world.scheduler.now().plus(Duration.ofMinutes(40)).atZone(ZoneOffset.UTC);
      mount.staticFields.put(
          "rotation_schedule", "%d %d * * *".formatted(slot.getMinute(), slot.getHour()));
      var _ = world.staticRole(mount, "steady", Duration.ofDays(1), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(37));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(15));
    }
  },

  /** A static credential is rotated by hand. */
  STATIC_BY_HAND {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** A static credential is rotated in an emergency. */
  STATIC_EMERGENCY {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.rotate(mount, "steady", "emergency");
      world.scheduler.sleep(Duration.ofMinutes(2));
    }
  },

  /** A client that somebody made is adopted, and rotated. */
  STATIC_IMPORT {
    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.importingRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
      var _ = world.rotate(mount, "steady");
      world.importAndRelease(mount, "let-go");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** A static credential that copies a client is rotated. */
  STATIC_COPY {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.copyingRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** A former client goes once it is quiet; the clock says early that the wait is over. */
  STATIC_USAGE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      mount.staticFields.put("usage_check", "wait");
      mount.staticFields.put("usage_check_max_wait", 1_200);
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
      var _ = world.rotate(mount, "steady");
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
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
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(5));
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var shorter = Duration.ofSeconds(30);
      var _ = world.writeStaticRole(mount, "steady", Duration.ofDays(30), shorter);
      var _ = world.rotate(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** The clock of the sidecar's host is wrong from the middle of a grace on, and it dies. */
  STATIC_CLOCK {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
      var _ = world.rotate(mount, "steady");
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.wrongClock(world);
    }
  },

  /** A lease is revoked while many more credentials are read than Genesys allows. */
  FLOOD {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).limit();
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).revokeAmongReads();
    }
  },

  /** A client leaks while many static roles are due. */
  EMERGENCY {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).dueTogether();
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).emergencyAmongDueRoles();
    }
  },

  /** A static role is deleted while its former client is in its grace. */
  STATIC_DELETE {
    @Override
    void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      var _ = world.rotate(mount, "steady");
    }

    @Override
    void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.readers().forEach(Reader::end);
      var _ = world.deleteStaticRole(mount, "steady");
      world.scheduler.sleep(Duration.ofMinutes(1));
    }
  };

  private static final Duration GRACE = Duration.ofMinutes(8);

  /** What {@code config} says; the flow's name says it too. */
  String revocation() {
    return name().contains("STRICTLY") ? "strict" : "deferred";
  }

  /** How long it may take until nothing waits any more. */
  Duration mostToSettle() {
    return Duration.ofHours(6);
  }

  /** Brings the world where the flow begins; nothing goes wrong yet. */
  void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {}

  /** Does what may go wrong; where nobody says what, the background does, in time. */
  void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
    world.scheduler.sleep(Duration.ofMinutes(10));
  }
}
