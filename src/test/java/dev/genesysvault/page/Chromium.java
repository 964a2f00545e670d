package dev.genesysvault.page;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Debian's browser without a window, of the system or unpacked into the user's cache. */
final class Chromium {
  private static final long PATIENCE_SECONDS = 120;
  private static final String UNPACK = "vault-dev-config/debian-packages";

  private final Path program;
  private final Optional<Path> root;

  private Chromium(Path program, Optional<Path> root) {
    this.program = program;
    this.root = root;
  }

  /**
   * What a browser showed.
   *
   * @param dom the document after its script has run
   * @param said what it said to its log
   */
  record Shown(String dom, String said) {}

  /**
   * Returns one; empty where there is none and none can be had, which is told on standard error.
   */
  static Optional<Chromium> find() throws IOException, InterruptedException {
    for (var folder : System.getenv("PATH").split(":", -1)) {
      var program = Path.of(folder, "chromium");
      if (Files.isExecutable(program)) {
        return Optional.of(new Chromium(program, Optional.empty()));
      }
    }
    var unpack =
        new ProcessBuilder(UNPACK, "--with-depends", "chromium", "fonts-dejavu-core")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var folder = new String(unpack.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (unpack.waitFor() != 0) {
      return Optional.empty();
    }
    var root = Path.of(folder);
    return Optional.of(new Chromium(root.resolve("usr/lib/chromium/chromium"), Optional.of(root)));
  }

  /** Shows a page, and keeps a picture of it. */
  Shown show(URI page, Path profile, Path picture, int width, int height, boolean dark)
      throws IOException, InterruptedException {
    Files.createDirectories(picture.toAbsolutePath().getParent());
    Files.deleteIfExists(picture);
    var _ = run(page, profile, width, height, dark, "--screenshot=" + picture.toAbsolutePath());
    return run(page, profile, width, height, dark, "--dump-dom");
  }

  private Shown run(URI page, Path profile, int width, int height, boolean dark, String what)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--enable-logging=stderr",
            "--v=0",
            "--virtual-time-budget=4000",
            "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
            "--window-size=%d,%d".formatted(width, height),
            "--user-data-dir=" + profile,
            what,
            page.toString()));
    var out = Files.createTempFile("chromium", ".html");
    var err = Files.createTempFile("chromium", ".log");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    if (root.isPresent()) {
      builder.environment().put("LD_LIBRARY_PATH", libraries(root.get()));
      builder.environment().put("FONTCONFIG_PATH", root.get().resolve("etc/fonts").toString());
      builder.environment().put("XDG_DATA_HOME", root.get().resolve("usr/share").toString());
    }
    builder.environment().keySet().removeAll(List.of("https_proxy", "HTTPS_PROXY", "http_proxy"));
    var process = builder.start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the browser does not end: " + Files.readString(err));
      }
      return new Shown(Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static String libraries(Path root) throws IOException {
    try (Stream<Path> folders = Files.list(root.resolve("usr/lib"))) {
      return folders
          .filter(folder -> folder.getFileName().toString().endsWith("-linux-gnu"))
          .flatMap(folder -> Stream.of(folder, folder.resolve("pulseaudio")))
          .map(Path::toString)
          .collect(Collectors.joining(":"));
    }
  }
}
