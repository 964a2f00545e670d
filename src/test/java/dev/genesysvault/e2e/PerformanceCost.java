package dev.genesysvault.e2e;

/**
 * What requests cost.
 *
 * @param vault microseconds of a processor in Vault
 * @param plugin the same in the plugins that Vault runs
 * @param sidecar the same in the sidecar
 * @param client the same in the benchmark, which is the client, and the simulated Genesys as well
 * @param storage operations of Vault's storage, Vault's own among them, such as those of a lease
 */
record PerformanceCost(double vault, double plugin, double sidecar, double client, double storage) {
  static final PerformanceCost NONE = new PerformanceCost(0, 0, 0, 0, 0);

  PerformanceCost plus(PerformanceCost other) {
    return new PerformanceCost(
        vault + other.vault,
        plugin + other.plugin,
        sidecar + other.sidecar,
        client + other.client,
        storage + other.storage);
  }

  PerformanceCost minus(PerformanceCost other) {
    return plus(other.dividedBy(-1));
  }

  PerformanceCost withStorage(double operations) {
    return new PerformanceCost(vault, plugin, sidecar, client, operations);
  }

  PerformanceCost dividedBy(double count) {
    return new PerformanceCost(
        vault / count, plugin / count, sidecar / count, client / count, storage / count);
  }
}
