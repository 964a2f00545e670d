package dev.genesysvault.evidence;

import dev.genesysvault.resilience.SystemTime;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.vaultapi.GivenPaths;
import dev.genesysvault.vaultapi.Pace;
import dev.genesysvault.vaultapi.VaultAccess;
import dev.genesysvault.vaultapi.VaultApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code genesys-sidecar evidence}: writes what a mount's history says of a time span, over Vault's
 * HTTP API. Ends with 0 where all of it was read, 1 where the report says that something was not,
 * and 2 where there is no report.
 */
@Command(
    name = "evidence",
    mixinStandardHelpOptions = true,
    description = {
      "Writes an HTML page, a CSV file or both for an auditor: each rotation of each static role in a time span, who asked for it, its checks, when the former client was deactivated and deleted, what was late and why; and each client of creds/ that is gone, where the mount keeps that.",
      "Vault is found as by its own command line: VAULT_ADDR, VAULT_TOKEN or the token file of `vault login`, VAULT_CACERT, VAULT_NAMESPACE."
    },
    footer = {
      "",
      "Ends with 0 where everything was read, 1 where the report names what could not be read, 2 where there is no report."
    })
public final class Evidence implements Callable<Integer> {
  /** Nothing here asks Genesys, so Vault's own limits are all that there is. */
  private static final int PER_MINUTE = 1_000_000;

  /** For how long it waits for a Vault that is away, in all; then it says so. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  @Option(
      names = "--mount",
      paramLabel = "PATH",
      defaultValue = "genesys",
      description = "Path at which the engine is enabled (${DEFAULT-VALUE}).")
  private String mount = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      required = true,
      description = "The span's first moment: a day, such as 2026-01-01 (midnight UTC), or a time.")
  private String from = "";

  @Option(
      names = "--to",
      paramLabel = "TIME",
      required = true,
      description = "The first moment after the span, in the same forms.")
  private String to = "";

  @Option(
      names = "--html",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Where the page is written; it needs nothing from elsewhere.")
  private String html = "";

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Where the rows are written.")
  private String csv = "";

  private final Time time = new SystemTime();

  /** Makes a command that picocli fills in. */
  public Evidence() {}

  @Override
  public Integer call() throws InterruptedException {
    try {
      var report =
          new Report(
              GivenPaths.mount(mount),
              Span.of(from, to),
              GivenPaths.file("--html", html),
              GivenPaths.file("--csv", csv));
      if (report.html().isEmpty() && report.csv().isEmpty()) {
        throw new IllegalArgumentException(
            "--html and --csv are both missing; give one of them, or both");
      }
      var access = VaultAccess.of(System.getenv(), Path.of(System.getProperty("user.home", "")));
      if (access.unencrypted()) {
        System.err.println(
            "VAULT_ADDR is %s: the token crosses the network unencrypted"
                .formatted(access.address()));
      }
      var api = VaultApi.impatient(access, time, new Pace(time, PER_MINUTE), PATIENCE);
      var totals = report.write(api, time);
      System.out.println(text(totals));
      return totals.gapCount() == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
    } catch (IOException e) {
      System.err.println("A file cannot be written: " + e);
    }
    return CommandLine.ExitCode.USAGE;
  }

  private static String text(Totals totals) {
    return "%,d rotations of %,d static roles, %,d of them late; %,d dynamic clients that are gone%s"
        .formatted(
            totals.rotations(),
            totals.roles(),
            totals.lateCount(),
            totals.clients(),
            totals.gapCount() == 0
                ? ""
                : "; %,d things could not be read, and the report names them"
                    .formatted(totals.gapCount()));
  }
}
