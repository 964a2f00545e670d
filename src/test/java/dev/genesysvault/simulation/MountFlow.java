package dev.genesysvault.simulation;

import java.time.Duration;
import java.util.Map;

/** What operators do with a whole mount. */
enum MountFlow implements Flow {
  /** A mount is disabled that has leases, and a client that is on its way out. */
  UNMOUNT {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 3);
      world.chaos.genesysDown(true);
      world.vault.revoke(world.vault.alive().getFirst());
      world.scheduler.sleep(Duration.ofSeconds(10));
      world.chaos.genesysDown(false);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.disable(mount);
    }
  },

  /** A mount is disabled as soon as a sidecar is there that was away while leases were revoked. */
  UNMOUNT_JOURNAL {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeWithoutSidecar(world, mount, 3, 2);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.sidecars.await(null);
      world.disable(mount);
    }
  },

  /** A mount with leases and a static role is moved; what was stopped for that goes on. */
  MOVE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 2);
      var _ = world.statics.staticRole(mount, "steady", Duration.ofMinutes(40), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(35));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.move(mount, "elsewhere/");
      world.scheduler.sleep(Duration.ofMinutes(40));
    }
  },

  /** A mount moves to another organisation as soon as the former lets it go. */
  ORGANIZATION {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.otherOrganization(world, mount);
    }
  },

  /** A mount moves to another organisation in the very moment in which clients are made. */
  ORGANIZATION_MEANWHILE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) {}

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      for (int i = 1; i <= 3; i++) {
        var later = Duration.ofMillis(200).multipliedBy(i);
        world.beside(
            "issue",
            () -> {
              world.scheduler.sleep(later);
              var _ = world.creds(mount, "demo", world.newRequestId());
            });
      }
      var _ = world.config(mount, "b.test", "deferred");
      world.scheduler.sleep(Duration.ofMinutes(2));
    }
  },

  /** As {@link #ORGANIZATION}, where Vault keeps the lease of a revoke that was cut. */
  ORGANIZATION_STRICTLY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
      // The revoke was cut by now, and Vault has not asked again.
      world.scheduler.sleep(Duration.ofSeconds(5));
      var _ = world.config(mount, "b.test", "strict");
      world.scheduler.sleep(Duration.ofMinutes(2));
    }
  },

  /**
   * A mount is drained that has leases, a rotation in its grace and an adopted client; then it is
   * disabled.
   */
  DRAIN {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.everythingHandedOut(world, mount);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.drains.begin(mount);
      world.statics.readers().forEach(Reader::end);
      world.scheduler.sleep(Duration.ofMinutes(6));
      var _ = world.creds(mount, "demo", world.newRequestId());
      var _ = world.statics.rotate(mount, "steady");
      world.settle(mostToSettle());
      Schedule.check(world, world.drains.check(mount));
      world.drains.await(mount);
      world.disable(mount);
    }
  },

  /** A drain is called off soon after it has begun. */
  DRAIN_CALLED_OFF {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.everythingHandedOut(world, mount);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.statics.readers().forEach(Reader::end);
      var _ = world.drains.beginOnce(mount);
      world.drains.callOff(mount);
      world.until("a credential", () -> world.creds(mount, "demo", world.newRequestId()));
      var _ = world.statics.staticRole(mount, "again", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(15));
    }
  },

  /** The addresses of the configuration change, and back, in the middle of rotations. */
  ADDRESSES {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
      var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.beside("rotation", () -> world.statics.rotate(mount, "steady"));
      world.scheduler.sleep(Duration.ofSeconds(5));
      var _ = world.config(mount, SimulatedWorld.ELSEWHERE, "deferred");
      world.beside("credential", () -> world.creds(mount, "demo", world.newRequestId()));
      world.scheduler.sleep(Duration.ofMinutes(1));
      var _ = world.config(mount, "a.test", "deferred");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  },

  /** Whoever may write the configuration, and nothing else, names hosts of their own. */
  HOSTS_OF_THEIR_OWN {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
      var _ = world.statics.staticRole(mount, "steady", Duration.ofDays(30), GRACE);
      world.scheduler.sleep(Duration.ofMinutes(1));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.beside("rotation", () -> world.statics.rotate(mount, "steady"));
      world.scheduler.sleep(Duration.ofSeconds(5));
      var _ =
          world.config(
              mount,
              SimulatedWorld.ELSEWHERE,
              Map.of("client_secret", "made up", "verify_connection", false));
      world.scheduler.sleep(Duration.ofMinutes(1));
      world.configure(mount, "a.test", "deferred");
      world.scheduler.sleep(Duration.ofMinutes(12));
    }
  }
}
