package dev.genesysvault.e2e;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run of {@link PerformanceBenchmark} measures, by the properties {@code performance.*} of
 * {@code docs/performance.md}.
 *
 * @param callers how many call at a time
 * @param length for how long each operation is measured at each number of callers
 * @param genesysMillis how late Genesys answers
 * @param prefixLeases how many leases are revoked by prefix; 0 for none
 * @param starts how often the sidecar is started; 0 for never
 * @param credentials after how many credentials the sidecar's memory is told
 * @param baseline the folder of another build, measured beside this one
 * @param kvPlugin Vault's KV engine as a plugin that runs in a process of its own
 */
record PerformanceSettings(
    List<Integer> callers,
    Duration length,
    List<VaultServer.Storage> storages,
    List<Integer> genesysMillis,
    List<PerformanceOperation> operations,
    int prefixLeases,
    int starts,
    List<Integer> credentials,
    Optional<Path> baseline,
    Optional<Path> kvPlugin) {

  static PerformanceSettings ofProperties() {
    return new PerformanceSettings(
        numbers("callers", "1,8,64"),
        Duration.ofSeconds(Integer.getInteger("performance.seconds", 3)),
        items("storage", "inmem,raft").stream()
            .map(name -> VaultServer.Storage.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList(),
        numbers("genesysMillis", "0,80"),
        wanted(),
        Integer.getInteger("performance.prefixLeases", 1_000),
        Integer.getInteger("performance.starts", 5),
        numbers("credentials", "1000"),
        path("baseline"),
        path("kvPlugin"));
  }

  private static List<PerformanceOperation> wanted() {
    var operations = new ArrayList<PerformanceOperation>();
    for (var title : items("operations", "creds,renew,revoke,static-creds")) {
      operations.add(operation(title));
    }
    if (path("kvPlugin").isPresent() && operations.contains(PerformanceOperation.STATIC_CREDS)) {
      operations.add(PerformanceOperation.STATIC_CREDS_EXTERNAL);
    }
    return operations;
  }

  private static Optional<Path> path(String name) {
    return Optional.ofNullable(System.getProperty("performance." + name))
        .map(place -> Path.of(place).toAbsolutePath());
  }

  private static PerformanceOperation operation(String title) {
    return Arrays.stream(PerformanceOperation.values())
        .filter(operation -> operation.title().equals(title))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("performance.operations has no \"" + title + "\""));
  }

  private static List<Integer> numbers(String name, String usual) {
    return items(name, usual).stream().map(Integer::valueOf).toList();
  }

  private static List<String> items(String name, String usual) {
    return Arrays.stream(System.getProperty("performance." + name, usual).split(",", -1))
        .filter(item -> !item.isBlank())
        .toList();
  }
}
