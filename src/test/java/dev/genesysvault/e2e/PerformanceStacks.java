package dev.genesysvault.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** This build, and the baseline where one is wanted, running side by side. */
final class PerformanceStacks implements AutoCloseable {
  private static final Path THIS_BUILD = Path.of("target").toAbsolutePath();

  private final List<PerformanceStack> all = new ArrayList<>();

  /** Starts them in folders of their own. */
  static PerformanceStacks start(
      PerformanceSettings settings, VaultServer.Storage storage, Path folder) throws Exception {
    var builds = new ArrayList<>(List.of(THIS_BUILD));
    settings.baseline().ifPresent(builds::add);
    var stacks = new PerformanceStacks();
    try {
      for (var build : builds) {
        train(build);
        var place = Files.createTempDirectory(folder, "stack");
        stacks.all.add(PerformanceStack.start(build, storage, place, settings.kvPlugin()));
      }
      return stacks;
    } catch (Exception | AssertionError e) {
      stacks.close();
      throw e;
    }
  }

  /**
   * Has it start as one does that was installed; a build that cannot be trained starts as it is.
   */
  private static void train(Path build) throws Exception {
    var launcher = SidecarProcess.launcher(build.resolve("dist"));
    if (Files.readString(launcher).contains("--train")) {
      SidecarProcess.train(launcher, Map.of());
    }
  }

  /** Returns this build's, and then the baseline's where there is one. */
  List<PerformanceStack> all() {
    return List.copyOf(all);
  }

  PerformanceStack present() {
    return all.getFirst();
  }

  @Override
  public void close() {
    all.forEach(PerformanceStack::close);
  }
}
