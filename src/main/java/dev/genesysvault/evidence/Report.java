package dev.genesysvault.evidence;

import dev.genesysvault.resilience.Time;
import dev.genesysvault.vaultapi.VaultApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the files of a report: each is there as a whole or not at all, and nobody else may read
 * it, since it names people.
 *
 * @param html where the page goes; empty for nowhere
 * @param csv where the rows go; empty for nowhere
 */
record Report(String mount, Span span, Optional<Path> html, Optional<Path> csv) {

  /** Reads everything and writes it; returns what was counted. */
  Totals write(VaultApi api, Time time) throws InterruptedException, IOException {
    var totals = new Totals();
    var made = new ArrayList<Path>();
    try {
      var body = aside(html.or(() -> csv), made);
      var rows = aside(csv.or(() -> html), made);
      try (var bodyOut = Files.newBufferedWriter(body);
          var rowsOut = Files.newBufferedWriter(rows)) {
        var page = new HtmlPart(bodyOut);
        var cells = new CsvPart(rowsOut);
        new HistoryReader(api, mount, span, totals, List.of(page, cells)).read();
        page.end();
        cells.gaps(totals.gaps());
      }
      if (html.isPresent()) {
        var whole = aside(html, made);
        try (var out = Files.newBufferedWriter(whole)) {
          HtmlPart.head(out, mount, span, time.now(), totals);
          try (var in = Files.newBufferedReader(body)) {
            in.transferTo(out);
          }
        }
        move(whole, html.get());
      }
      if (csv.isPresent()) {
        move(rows, csv.get());
      }
      return totals;
    } finally {
      for (var file : made) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Makes an empty file beside another one. */
  private static Path aside(Optional<Path> target, List<Path> made) throws IOException {
    var folder = target.orElseThrow().toAbsolutePath().getParent();
    var file = Files.createTempFile(folder, ".evidence", ".part");
    made.add(file);
    Files.setPosixFilePermissions(
        file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    return file;
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
