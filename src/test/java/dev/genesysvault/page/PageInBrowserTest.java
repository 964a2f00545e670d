package dev.genesysvault.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.genesysvault.alarm.AlarmBoard;
import dev.genesysvault.observe.Health;
import dev.genesysvault.observe.ManagementServer;
import dev.genesysvault.observe.Metrics;
import dev.genesysvault.resilience.BugLog;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedOverview;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in Debian's headless Chromium. The pictures stay in {@code target/page}. Where the
 * browser cannot be had, this fails in CI and is skipped elsewhere.
 */
@Tag("slow")
final class PageInBrowserTest {
  private static final Path PICTURES = Path.of("target", "page");
  private static Chromium chromium;

  @TempDir Path folder;
  private final FakeTime time = new FakeTime();
  private final SystemLocks locks = new SystemLocks();
  private final PlayedOverview overview = new PlayedOverview();
  private final List<AlarmBoard.OfMount> alarms = new ArrayList<>();
  private final Metrics metrics = new Metrics("v0.2.0", false, time, locks);
  private @Nullable ManagementServer server;

  @BeforeAll
  static void findBrowser() throws Exception {
    var found = Chromium.find();
    if (found.isEmpty() && System.getenv("CI") != null) {
      throw new IllegalStateException("Chromium cannot be had: see above");
    }
    assumeTrue(found.isPresent(), "skipped: Chromium cannot be had, see above");
    chromium = found.get();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    metrics.close();
  }

  /** Serves a page whose clients were sampled for some hours. */
  private void serve(boolean named, int hours) throws IOException {
    time.advance(Duration.between(FakeTime.START, PlayedMounts.NOW).minusHours(hours));
    var page = new StatusPage("v0.2.0", time.now(), overview, () -> alarms, named, time, locks);
    var health =
        new Health(() -> true, "v0.2.0", FakeTime.START, overview, () -> alarms, time, locks);
    for (int minute = 0; minute < hours * 60; minute++) {
      page.sample(curve(minute));
      time.advance(Duration.ofMinutes(1));
    }
    server =
        ManagementServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            health,
            metrics,
            page,
            List.of(),
            new VirtualThreadTasks(),
            new BugLog(time));
  }

  private static Map<String, Integer> curve(int minute) {
    double day = Math.sin((minute - 200) * Math.PI / 720);
    int issued = (int) (700 + 260 * day + 40 * Math.sin(minute / 17.0));
    int retiring = minute % 360 > 300 ? (minute % 360 - 300) * 3 : 12;
    return Map.of(
        "creating",
        8 + minute % 5,
        "issued",
        issued,
        "retiring",
        retiring,
        "stuck",
        minute > 900 ? 12 : 0);
  }

  private Chromium.Shown show(String picture, int width, int height, boolean dark)
      throws Exception {
    var shown =
        chromium.show(
            URI.create(
                "http://127.0.0.1:%d/"
                    .formatted(Objects.requireNonNull(server).address().getPort())),
            folder.resolve("profile"),
            PICTURES.resolve(picture + ".png"),
            width,
            height,
            dark);
    assertThat(shown.dom()).contains("data-drawn=\"yes\"");
    assertThat(shown.said()).doesNotContain("CONSOLE", "Refused to", "Uncaught");
    assertThat(PICTURES.resolve(picture + ".png")).isNotEmptyFile();
    return shown;
  }

  /** Returns how much of a picture is bright, from 0 to 1. */
  private static double brightness(String picture) throws IOException {
    var image = ImageIO.read(PICTURES.resolve(picture + ".png").toFile());
    long sum = 0;
    long count = 0;
    for (int x = 0; x < image.getWidth(); x += 7) {
      for (int y = 0; y < image.getHeight(); y += 7) {
        int rgb = image.getRGB(x, y);
        sum += (rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff);
        count += 3 * 255;
      }
    }
    return (double) sum / count;
  }

  private static int times(String text, String part) {
    int times = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      times++;
    }
    return times;
  }

  @Test
  void is_calm_where_all_is_well() throws Exception {
    overview
        .with(PlayedMounts.well("genesys/", 612, 40))
        .with(PlayedMounts.calendar("genesys/", 40, 0));
    serve(false, 30);

    var shown = show("well-light", 1280, 1100, false);

    assertThat(shown.dom())
        .contains("All is well", "1 mount", "polygon class=\"s-issued\"", "rect class=\"done\"")
        .doesNotContain("contact-center-reporting", "rect class=\"overdue\"");
    assertThat(brightness("well-light")).isGreaterThan(0.8);
  }

  @Test
  void shows_alarms_first_with_what_to_do_and_where_to_look() throws Exception {
    overview
        .with(PlayedMounts.well("genesys/", 612, 40))
        .with(PlayedMounts.troubled("team-b/genesys/"))
        .with(PlayedMounts.calendar("genesys/", 40, 0))
        .with(PlayedMounts.calendar("team-b/genesys/", 88, 3));
    alarms.add(PlayedMounts.alarms("team-b/genesys/"));
    serve(true, 30);

    for (boolean dark : List.of(false, true)) {
      var picture = dark ? "alarms-dark" : "alarms-light";
      var shown = show(picture, 1280, 1500, dark);

      assertThat(shown.dom())
          .contains("7 alarms stand", "vault read team-b/genesys/status", "To do: ")
          .contains(
              "billing-export-0, billing-export-1",
              "rect class=\"overdue\"",
              "does not answer for 13 min");
      assertThat(shown.dom().indexOf("alarms stand"))
          .isLessThan(shown.dom().indexOf("<h2>Rotations"));
      assertThat(times(shown.dom(), "<article class=\"alarm")).isEqualTo(6);
    }
    assertThat(brightness("alarms-dark")).isLessThan(0.3);
    var _ = show("alarms-narrow", 400, 2600, false);
    var _ = show("alarms-narrow-dark", 400, 2600, true);
  }

  @Test
  void names_nobody_unless_allowed() throws Exception {
    overview.with(PlayedMounts.troubled("genesys/")).with(PlayedMounts.calendar("genesys/", 88, 3));
    alarms.add(PlayedMounts.alarms("genesys/"));
    serve(false, 1);

    var shown = show("unnamed", 1280, 1400, false);

    assertThat(shown.dom())
        .contains("7 alarms stand", "vault read genesys/static-roles/NAME/status")
        .doesNotContain("billing-export", "k0123456789", "contact-center-reporting");
  }

  @Test
  void says_that_nothing_is_known_without_a_mount() throws Exception {
    serve(false, 0);

    assertThat(show("no-mount", 1280, 800, false).dom())
        .contains("No mount has been heard of yet", "No client since the sidecar's start");
  }

  @Test
  void shows_fifty_mounts() throws Exception {
    for (int i = 0; i < 50; i++) {
      var path = "team-%02d/genesys/".formatted(i);
      overview
          .with(i == 33 ? PlayedMounts.troubled(path) : PlayedMounts.well(path, 40 + 17 * i, 20))
          .with(PlayedMounts.calendar(path, 200, i == 33 ? 3 : 0));
    }
    serve(false, 5);

    var shown = show("fifty-mounts", 1280, 1500, false);

    assertThat(times(shown.dom(), "<tr>")).isEqualTo(1 + 50);
    assertThat(shown.dom()).contains("Genesys does not answer team-33/genesys/ for now");
  }

  @AfterAll
  static void tellPictures() throws IOException {
    if (Files.isDirectory(PICTURES)) {
      try (var pictures = Files.list(PICTURES)) {
        pictures.sorted().forEach(picture -> System.out.println("kept " + picture));
      }
    }
  }
}
