package dev.genesysvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genesysvault.resilience.StepTrail;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepTrailFileTest {
  private final Path socket;
  private final Path file;

  StepTrailFileTest(@TempDir Path folder) {
    socket = folder.resolve("sidecar.sock");
    file = folder.resolve("sidecar.sock.steps");
  }

  private static StepTrail trail(ByteBuffer memory) {
    return new StepTrail(memory, new SystemTime(), new SystemLocks());
  }

  private static void die(StepTrail trail) {
    assertThatThrownBy(() ->
            trail.during(
                "m",
                "step",
                () -> {
                  throw new OutOfMemoryError("for the test");
                }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void it_is_the_owners_alone_and_gone_after_a_clean_end() throws Exception {
    var it = new StepTrailFile(socket);
    die(trail(it.open()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.size(file)).isEqualTo(StepTrail.BYTES);
    it.remove();
    assertThat(file).doesNotExist();
  }

  @Test
  void what_one_process_left_the_next_one_finds() throws Exception {
    var memory = new StepTrailFile(socket).open();
    die(trail(memory));
    // The lock of this process is the same as its next life's: a copy stands for the latter.
    var later = socket.resolveSibling("later.sock");
    Files.copy(file, socket.resolveSibling("later.sock.steps"));

    assertThat(trail(new StepTrailFile(later).open()).suspects("m")).hasSize(1);
  }

  @Test
  void another_process_has_its_own_memory_and_leaves_the_file() throws Exception {
    var first = new StepTrailFile(socket);
    var memory = first.open();
    var second = new StepTrailFile(socket);
    die(trail(second.open()));
    second.remove();

    assertThat(trail(memory).suspects()).isEmpty();
    assertThat(file).exists();
    first.remove();
  }

  @Test
  void what_is_no_file_is_left_as_it_is() throws Exception {
    var other = socket.resolveSibling("other");
    Files.writeString(other, "somebody's");
    Files.createSymbolicLink(file, other);

    assertThat(trail(new StepTrailFile(socket).open()).suspects()).isEmpty();
    assertThat(other).hasContent("somebody's");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(trail(new StepTrailFile(socket).open()).suspects()).isEmpty();
    assertThat(file).isDirectory();
  }

  @Test
  void a_file_of_another_size_is_begun_anew() throws Exception {
    Files.writeString(file, "cut short");
    var it = new StepTrailFile(socket);
    assertThat(trail(it.open()).suspects()).isEmpty();
    assertThat(Files.size(file)).isEqualTo(StepTrail.BYTES);
  }

  @Test
  void a_place_that_cannot_be_written_keeps_nobody_from_starting() {
    var nowhere = socket.resolveSibling("no-folder").resolve("sidecar.sock");
    var trail = trail(new StepTrailFile(nowhere).open());
    die(trail);
    assertThat(trail.suspects()).isEmpty();
  }
}
