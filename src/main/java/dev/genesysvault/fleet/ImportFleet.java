package dev.genesysvault.fleet;

import dev.genesysvault.fleet.FleetList.Format;
import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.vaultapi.GivenPaths;
import dev.genesysvault.vaultapi.Pace;
import dev.genesysvault.vaultapi.VaultAccess;
import dev.genesysvault.vaultapi.VaultApi;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code genesys-sidecar import-fleet}: imports clients that exist into static roles of a mount,
 * over Vault's HTTP API. Ends with 0 where all are in, 1 where one was refused, and 2 where nothing
 * was done since options, list or mount cannot be used.
 */
@Command(
    name = "import-fleet",
    mixinStandardHelpOptions = true,
    description = {
      "Imports OAuth clients that exist into static roles, from a list of their ids and secrets.",
      "Looks only, unless --dry-run=false is given. May be ended at any moment and run again.",
      "Vault is found as by its own command line: VAULT_ADDR, VAULT_TOKEN or the token file of `vault login`, VAULT_CACERT, VAULT_NAMESPACE."
    },
    footer = {
      "",
      "CSV needs a header line with client_id and client_secret; name (of the static role), rotation_period and grace_period are optional, other columns mean nothing. JSON is a list of objects with these members.",
      "Ends with 0 where all clients are in or would be, 1 where one was refused, 2 where nothing was done."
    })
public final class ImportFleet implements Callable<Integer> {
  private static final int MOST_PARALLEL = 32;
  private static final int MOST_PER_MINUTE = 100_000;
  private static final String STANDARD_INPUT = "-";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      defaultValue = STANDARD_INPUT,
      description = "The list; - is standard input (${DEFAULT-VALUE}).")
  private String file = "";

  @Option(
      names = "--format",
      paramLabel = "csv|json",
      defaultValue = "",
      description =
          "What the list is; default: json where the file's name ends in .json, else csv.")
  private String format = "";

  @Option(
      names = "--mount",
      paramLabel = "PATH",
      defaultValue = "genesys",
      description = "Path at which the engine is enabled (${DEFAULT-VALUE}).")
  private String mount = "";

  @Option(
      names = "--dry-run",
      paramLabel = "true|false",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether to look only (${DEFAULT-VALUE}).")
  private boolean dryRun;

  @Option(
      names = "--rotation-period",
      paramLabel = "DURATION",
      required = true,
      description =
          "Time between two rotations, such as 60d. First rotations are spread evenly over it.")
  private String rotationPeriod = "";

  @Option(
      names = "--grace-period",
      paramLabel = "DURATION",
      defaultValue = "",
      description = "How long a former client works on; default: that of static roles.")
  private String gracePeriod = "";

  @Option(
      names = "--keep-imported",
      description = "Let the clients live on after their first rotation.")
  private boolean keepImported;

  @Option(
      names = "--name-column",
      paramLabel = "COLUMN",
      defaultValue = "name",
      description = "The column that names static roles (${DEFAULT-VALUE}).")
  private String nameColumn = "";

  @Option(
      names = "--name-template",
      paramLabel = "TEMPLATE",
      defaultValue = "{{client_name}}",
      description =
          "How a static role is called that the list does not name: text with {{client_name}}, which is asked for at Genesys, or {{client_id}} (${DEFAULT-VALUE}).")
  private String nameTemplate = "";

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Where the report is written as JSON; it has no secret.")
  private String report = "";

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "4",
      description = "Requests to Vault at a time, 1 to 32 (${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--per-minute",
      paramLabel = "N",
      defaultValue = "60",
      description =
          "Clients a minute at the most: each costs the mount three of the 300 requests that Genesys allows (${DEFAULT-VALUE}).")
  private int perMinute;

  private final Time time = new SystemTime();

  /** Makes a command that picocli fills in. */
  public ImportFleet() {}

  @Override
  public Integer call() throws InterruptedException {
    try {
      var settings = settings();
      var access = VaultAccess.of(System.getenv(), Path.of(System.getProperty("user.home", "")));
      var target = GivenPaths.file("--report", report);
      if (access.unencrypted()) {
        System.err.println(
            "VAULT_ADDR is %s: the secrets of the clients cross the network unencrypted"
                .formatted(access.address()));
      }
      var list = list();
      if (!list.unused().isEmpty()) {
        System.err.println("Columns that mean nothing here: " + String.join(", ", list.unused()));
      }
      var done = run(settings, access, list);
      System.out.println(done.text());
      if (target.isPresent()) {
        done.write(target.get());
      }
      return done.complete() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalArgumentException | CannotBeginException e) {
      System.err.println(e.getMessage());
    } catch (UnusableListException e) {
      System.err.println("Nothing was done, since the list cannot be used:");
      System.err.println(e.getMessage());
    } catch (IOException e) {
      System.err.println("A file cannot be read or written: " + e);
    }
    return CommandLine.ExitCode.USAGE;
  }

  private ImportSettings settings() {
    var path = GivenPaths.mount(mount);
    between("--parallel", parallel, MOST_PARALLEL);
    between("--per-minute", perMinute, MOST_PER_MINUTE);
    var period = Durations.parse("--rotation-period", rotationPeriod);
    var grace =
        Optional.of(gracePeriod)
            .filter(text -> !text.isEmpty())
            .map(text -> Durations.parse("--grace-period", text));
    if (grace.isPresent() && grace.get().multipliedBy(2).compareTo(period) > 0) {
      throw new IllegalArgumentException(
          "--grace-period is %s; must be at most half of --rotation-period, which is %s"
              .formatted(gracePeriod, rotationPeriod));
    }
    return new ImportSettings(
        path, dryRun, period, grace, keepImported, new RoleNames(nameTemplate), parallel);
  }

  private static void between(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; must be 1 to %,d".formatted(option, value, most));
    }
  }

  private FleetList list() throws IOException, UnusableListException {
    boolean standard = file.equals(STANDARD_INPUT);
    if (!standard && !Files.isReadable(Path.of(file))) {
      throw new IllegalArgumentException(
          "--file is \"%s\"; must be a file that can be read, or - for standard input"
              .formatted(file));
    }
    // Whoever starts the process has opened standard input, and closes it.
    if (standard) {
      return FleetList.read(new BufferedInputStream(System.in), format(), nameColumn);
    }
    try (InputStream input = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
      return FleetList.read(input, format(), nameColumn);
    }
  }

  private Format format() {
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "csv" -> Format.CSV;
      case "json" -> Format.JSON;
      case "" -> file.toLowerCase(Locale.ROOT).endsWith(".json") ? Format.JSON : Format.CSV;
      default ->
          throw new IllegalArgumentException(
              "--format is \"%s\"; must be csv or json".formatted(format));
    };
  }

  private FleetReport run(ImportSettings settings, VaultAccess access, FleetList list)
      throws InterruptedException, CannotBeginException {
    var began = time.now();
    long begun = time.nanos();
    var pace = new Pace(time, perMinute);
    var api = new VaultApi(access, time, pace);
    try (var progress =
        new Progress(list.clients().size(), pace, time, System.err, onTerminal()).start()) {
      var results = new FleetImport(settings, api, pace, time, progress).run(list.clients());
      return new FleetReport(
          settings,
          results,
          began,
          Duration.ofNanos(time.nanos() - begun),
          api.requests(),
          api.waits(),
          pace.paused());
    }
  }

  @SuppressWarnings("SystemConsoleNull") // Since 25 it is null again where there is no terminal.
  private static boolean onTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }
}
