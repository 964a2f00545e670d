package dev.genesysvault;

import dev.genesysvault.evidence.Evidence;
import dev.genesysvault.fleet.ImportFleet;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The whole command line: flags, the commands beside the sidecar, help, and what is wrong. */
@Command(
    name = "genesys-sidecar",
    version = Sidecar.VERSION,
    mixinStandardHelpOptions = true,
    subcommands = {ImportFleet.class, Evidence.class},
    description =
        "Owns the life of Genesys Cloud OAuth clients for the Vault plugin on the same host.")
final class Program implements Callable<Integer> {
  /** What is done where no command is named. */
  @FunctionalInterface
  interface Start {
    /** Runs with the values of all flags, and returns the status of the process. */
    int run(Map<Flag, String> values) throws InterruptedException;
  }

  private final Start start;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Program(Start start) {
    this.start = start;
  }

  /** Does what a command line says, and returns the status of the process. */
  static int run(String[] arguments, Start start) {
    var line = new CommandLine(new Program(start));
    for (var flag : Flag.values()) {
      line.getCommandSpec().addOption(option(flag));
    }
    return line.execute(arguments);
  }

  private static OptionSpec option(Flag flag) {
    var shown = flag.fallback().isEmpty() ? "" : "; ${DEFAULT-VALUE}";
    var option =
        OptionSpec.builder(flag.flag())
            .type(String.class)
            .paramLabel(flag.label())
            .defaultValue("${env:%s:-%s}".formatted(flag.variable(), flag.fallback()))
            .description("%s (%s%s).".formatted(flag.description(), flag.variable(), shown));
    return flag.standsAlone()
        ? option.arity("0..1").fallbackValue(Flag.ALONE).build()
        : option.arity("1").build();
  }

  @Override
  public Integer call() throws InterruptedException {
    var values = new EnumMap<Flag, String>(Flag.class);
    for (var flag : Flag.values()) {
      String value = spec.findOption(flag.flag()).getValue();
      values.put(flag, value);
    }
    return start.run(values);
  }
}
