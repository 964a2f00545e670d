package dev.genesysvault.simulation;

import dev.genesysvault.simulator.Knob;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What becomes of leased clients. */
enum LeaseFlow implements Flow {
  /** Somebody reads a credential. */
  ISSUE {
    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      var _ = world.credsWithRetries(mount, "demo");
    }
  },

  /** Vault asks again under the same request id, whatever became of the first time. */
  REPLAY {
    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
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
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
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
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 2);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** A lease is revoked long after it was made, when nothing can be invisible any more. */
  REVOKE_LATER {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
      world.scheduler.sleep(Duration.ofMinutes(20));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** Vault keeps a lease until its client is gone. */
  REVOKE_STRICTLY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** Somebody revokes a lease with -sync while Genesys is away, and never again. */
  REVOKE_STRICTLY_ONCE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.lease(world, mount, 1);
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.chaos.genesysDown(true);
      world.vault.revokeOnlyOnce(world.vault.leases().getFirst());
      world.chaos.genesysDown(false);
      world.scheduler.sleep(Duration.ofMinutes(10));
    }
  },

  /** The sidecar dies between the create and its answer; Genesys keeps names in upper case. */
  SETTLE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.turn(Map.of(Knob.LETTER_CASE.key(), "upper"));
      world.chaos.stage("POST api.a.test/api/v2/oauth/clients", 0, Mishap.SIDECAR_DIES_AFTER);
      var _ = world.creds(mount, "demo", world.newRequestId());
    }
  },

  /** Genesys is away while leases are revoked; the background ends their clients. */
  RETIRE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
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
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.chaos.stage("put clients/", 1, Mishap.VAULT_DIES);
      var _ = world.creds(mount, "demo", world.newRequestId());
      world.scheduler.sleep(Duration.ofMinutes(65));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.scheduler.sleep(Duration.ofMinutes(20));
    }
  },

  /** A client has become so old that Genesys keeps it long after it was deactivated. */
  REVOKE_OLD {
    @Override
    public Duration mostToSettle() {
      return Duration.ofHours(15);
    }

    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      world.turn(
          Map.of(
              Knob.DELETE_OLD_CLIENT.key(), "409",
              Knob.OLD_CLIENT_SECONDS.key(), 900,
              Knob.INACTIVE_BEFORE_DELETION_SECONDS.key(), 9_000));
      FlowSteps.lease(world, mount, 1);
      world.scheduler.sleep(Duration.ofMinutes(20));
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeAll(world);
    }
  },

  /** The sidecar is away while a lease is revoked, and comes back. */
  JOURNAL {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeWithoutSidecar(world, mount, 2, 2);
    }
  },

  /** As {@link #JOURNAL}, where Vault keeps the leases, and asks again. */
  JOURNAL_STRICTLY {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeWithoutSidecar(world, mount, 2, 2);
    }
  },

  /** As {@link #JOURNAL_STRICTLY}, where Vault does not ask again. */
  JOURNAL_STRICTLY_ONCE {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      FlowSteps.revokeOnceWithoutSidecar(world, mount);
    }
  },

  /** A lease is revoked while many more credentials are read than Genesys allows. */
  FLOOD {
    @Override
    public void prepare(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).limit();
    }

    @Override
    public void run(SimulatedWorld world, SimulatedMount mount) throws InterruptedException {
      new Floods(world, mount).revokeAmongReads();
    }
  }
}
