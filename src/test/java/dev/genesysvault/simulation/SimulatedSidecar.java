package dev.genesysvault.simulation;

import dev.genesysvault.destination.aws.AwsSecretsManagerKind;
import dev.genesysvault.destination.integration.IntegrationCredentialKind;
import dev.genesysvault.destination.vault.VaultKvKind;
import dev.genesysvault.engine.Engine;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.Receivers;
import dev.genesysvault.engine.mount.Doors;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.genesys.GenesysConnector;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.Randomness;
import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.Delays;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** One life of the sidecar: the real engine over doors of the schedule. */
final class SimulatedSidecar {
  private static final EngineDescriptor DESCRIPTOR = EngineDescriptor.current();
  private static final long REPLIES_BYTES = 16L << 20;
  private static final String VERSION = "v0.0.0";

  final SimulatedProcess process;
  final Engine engine;

  /** Assembles it as the product does; no I/O. */
  SimulatedSidecar(
      Scheduler scheduler,
      Time clock,
      SimulatedProcess process,
      Transport network,
      Receivers receivers,
      Randomness randomness,
      ByteBuffer trail,
      Delays delays) {
    this.process = process;
    var locks = scheduler.locks();
    this.engine =
        new Engine(
            new Instance(process.name(), VERSION, clock.now()),
            List.of(DESCRIPTOR),
            new GenesysConnector(
                network,
                clock,
                process,
                locks,
                new MemoryBudget(REPLIES_BYTES, clock, locks),
                1,
                VERSION),
            List.of(
                new VaultKvKind(network, clock, locks, Optional.empty()),
                new IntegrationCredentialKind(),
                new AwsSecretsManagerKind(network, clock, locks)),
            receivers,
            new Doors(clock, process, locks, randomness, new StepTrail(trail, clock, locks)),
            delays);
  }

  static EngineDescriptor descriptor() {
    return DESCRIPTOR;
  }
}
