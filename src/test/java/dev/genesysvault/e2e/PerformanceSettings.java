package dev.genesysvault.e2e;

import java.nio.file.Path;
import java.time.Duration;
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
 * @param baseline the folder of another build, measured beside this one
 */
record PerformanceSettings(
    List<Integer> callers,
    Duration length,
    List<VaultServer.Storage> storages,
    List<Integer> genesysMillis,
    List<PerformanceOperation> operations,
    Optional<Path> baseline) {

  static PerformanceSettings ofProperties() {
    return new PerformanceSettings(
        numbers("callers", "1,8,64"),
        Duration.ofSeconds(Integer.getInteger("performance.seconds", 3)),
        items("storage", "inmem,raft").stream()
            .map(name -> VaultServer.Storage.valueOf(name.toUpperCase(Locale.ROOT)))
            .toList(),
        numbers("genesysMillis", "0,80"),
        items("operations", "creds,renew,revoke,static-creds").stream()
            .map(PerformanceSettings::operation)
            .toList(),
        Optional.ofNullable(System.getProperty("performance.baseline"))
            .map(folder -> Path.of(folder).toAbsolutePath()));
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
    return List.of(System.getProperty("performance." + name, usual).split(",", -1));
  }
}
