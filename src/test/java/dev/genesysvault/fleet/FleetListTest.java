package dev.genesysvault.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genesysvault.fleet.FleetList.Format;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of clients as people have them, and what is told of those that cannot be used. */
final class FleetListTest {
  private static final String HEADER = "client_id,client_secret,name\n";

  private static FleetList read(Format format, String text) throws Exception {
    return read(format, text.getBytes(StandardCharsets.UTF_8), "name");
  }

  private static FleetList read(Format format, byte[] bytes, String nameColumn) throws Exception {
    return FleetList.read(new ByteArrayInputStream(bytes), format, nameColumn);
  }

  private static String refused(Format format, String text) {
    return refused(format, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String refused(Format format, byte[] bytes) {
    var problem =
        catchThrowableOfType(UnusableListException.class, () -> read(format, bytes, "name"));
    assertThat(problem).isNotNull().hasNoCause();
    assertThat(problem.getMessage()).doesNotContain("s3cret");
    return String.valueOf(problem.getMessage());
  }

  private static List<String> seen(FleetList list) {
    return list.clients().stream()
        .map(client ->
            "%d %s %s %s"
                .formatted(
                    client.line(),
                    client.id(),
                    client.credential().secret().reveal(),
                    client.role()))
        .toList();
  }

  @Test
  void csv_is_read_with_quotes_blank_lines_and_line_ends_of_any_kind() throws Exception {
    var text =
        String.join(
            "\r\n",
            "\uFEFFClient_Id, name ,CLIENT_SECRET,owner",
            "a-1,crm,s3cret-1,\"me, you\"",
            "",
            "\"a-2\",,\"s3\"\"cret,2\",\"two\nlines\"",
            "a-3,\"web\",s3cret-3,");

    var list = read(Format.CSV, text);

    assertThat(seen(list))
        .containsExactly("2 a-1 s3cret-1 crm", "4 a-2 s3\"cret,2 ", "6 a-3 s3cret-3 web");
    assertThat(list.unused()).containsExactly("owner");
    assertThat(list.clients().toString()).doesNotContain("cret-1", "cret,2", "cret-3");
  }

  @Test
  void csv_may_have_semicolons() throws Exception {
    assertThat(seen(read(Format.CSV, "client_id;client_secret\na-1;s3cret,with,commas\n")))
        .containsExactly("2 a-1 s3cret,with,commas ");
  }

  @Test
  void json_is_a_list_of_objects_of_the_same_names() throws Exception {
    var text =
        """
        [ {"client_id": "a-1", "client_secret": "s3cret-1", "name": "crm", "tags": ["x"]},
          {"client_id": "a-2", "client_secret": "s3cret-2", "name": null} ]
        """;

    var list = read(Format.JSON, text);

    assertThat(seen(list)).containsExactly("1 a-1 s3cret-1 crm", "2 a-2 s3cret-2 ");
    assertThat(list.unused()).containsExactly("tags");
  }

  @Test
  void a_client_may_have_times_of_its_own() throws Exception {
    var list =
        read(
            Format.CSV,
            "client_id,client_secret,rotation_period,grace_period\na,s3cret,30d,90m\nb,s3cret,,\n");

    assertThat(list.clients().getFirst().period()).contains(Duration.ofDays(30));
    assertThat(list.clients().getFirst().grace()).contains(Duration.ofMinutes(90));
    assertThat(list.clients().getLast().period()).isEqualTo(Optional.empty());
  }

  @Test
  void another_column_may_name_static_roles() throws Exception {
    var text = "client_id,client_secret,name,App\na,s3cret,not this one!,crm\n";

    var list = read(Format.CSV, text.getBytes(StandardCharsets.UTF_8), "app");

    assertThat(seen(list)).containsExactly("2 a s3cret crm");
    assertThat(list.unused()).containsExactly("name");
    assertThat(
            catchThrowableOfType(
                UnusableListException.class,
                () -> read(Format.CSV, text.getBytes(StandardCharsets.UTF_8), "role")))
        .hasMessageContaining("no column role");
  }

  @Test
  void all_that_is_wrong_is_told_at_once_by_line() {
    assertThat(
            refused(
                Format.CSV,
                HEADER
                    + "a-1,s3cret,crm\n"
                    + "A-1,s3cret,web\n"
                    + "a-2,,x\n"
                    + "a-3,s3cret,crm\n"
                    + "s3cret with blanks,a-4,y\n"
                    + "a-5, s3cret,z\n"
                    + "a-6,s3cret,a/b\n"
                    + ",s3cret,w\n"))
        .containsSubsequence(
            "line 3: client A-1 is in line 2 already",
            "line 4: client_secret is empty",
            "line 5: name crm is in line 2 already",
            "line 6: client_id is no id of a client",
            "line 7: client_secret begins or ends with white space",
            "line 8: name is \"a/b\"; must be letters",
            "line 9: client_id is empty");
  }

  @Test
  void a_duration_that_is_none_is_told_by_line() {
    assertThat(refused(Format.CSV, "client_id,client_secret,rotation_period\na,s3cret,monthly\n"))
        .contains("line 2: rotation_period is \"monthly\"; must be a duration such as 60d");
  }

  @Test
  void a_header_that_lacks_a_column_or_has_it_twice_is_told() {
    assertThat(refused(Format.CSV, "client_id,secret\na,s3cret\n"))
        .contains("line 1: there is no column client_secret");
    assertThat(refused(Format.CSV, "client_id,client_secret,client_id\na,s3cret,b\n"))
        .contains("names a column twice");
    assertThat(refused(Format.JSON, "[{\"client_id\": \"a\"}]"))
        .contains("there is no column client_secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "client_id,client_secret\n", "\n", "client_id,client_secret"})
  void a_list_without_a_client_is_told(String text) {
    assertThat(refused(Format.CSV, text)).startsWith("line 1: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a-1,s3cret\n",
        "a-1,s3cret,x,y\n",
        "a-1,\"s3cret,x\n",
        "a-1,\"s3cret\"x,y\n",
        "a-1,s3\"cret,y\n",
        "a-1,s3\"\"cret,y\n",
        "a-1,s3\"cret,y\na-2,s3\"cret,z\n",
        "a-1,s3cret,y\ra-2,s3cret,z\n"
      })
  void a_line_that_is_no_csv_is_told(String line) {
    assertThat(refused(Format.CSV, HEADER + line)).startsWith("line 2: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s3cret",
        "{\"client_id\": \"a\", \"client_secret\": \"s3cret\"}",
        "[\"s3cret\"]",
        "[{\"client_id\": \"a\", \"client_secret\": s3cret}]",
        "[{\"client_id\": \"a\", \"client_secret\": \"s3cret\"}",
        "[{\"client_id\": \"a\", \"client_secret\": \"s3cret\"}] s3cret",
        "[{\"client_id\": \"a\", \"client_secret\": \"s3cret\", \"client_secret\": \"s3cret\"}]",
        "[{\"client_id\": \"a\", \"client_secret\": {\"s3cret\": 1}}]",
        "[{\"client_id\": 7, \"client_secret\": \"s3cret\"}]",
        "[[[[[[[[[[[[[[[[[[[[[["
      })
  void a_text_that_is_no_such_json_is_told(String text) {
    assertThat(refused(Format.JSON, text)).startsWith("line 1: ");
  }

  @Test
  void what_is_not_in_utf_8_is_told() {
    var latin = (HEADER + "a-1,s3cret,caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(refused(Format.CSV, latin)).contains("line 2: it is not in UTF-8");
    assertThat(refused(Format.CSV, HEADER.getBytes(StandardCharsets.UTF_16)))
        .startsWith("line 1: ");
  }

  @Test
  void a_quote_that_is_never_closed_costs_no_more_than_a_line() throws Exception {
    long[] taken = {0};
    var endless =
        new InputStream() {
          private final byte[] begin = (HEADER + "a,\"s3cret,b\n").getBytes(StandardCharsets.UTF_8);

          @Override
          public int read() {
            int at = (int) taken[0]++;
            return at < begin.length ? begin[at] : 'x';
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            bytes[offset] = (byte) read();
            return 1;
          }
        };

    assertThat(
            catchThrowableOfType(
                UnusableListException.class, () -> FleetList.read(endless, Format.CSV, "name")))
        .hasMessage("line 2: it is longer than 4,096 bytes; is a closing quote missing?");
    assertThat(taken[0]).isLessThan(5_000);
  }

  @Test
  void a_line_has_four_kilobytes_at_the_most_and_a_list_ten_thousand_clients() throws Exception {
    assertThat(refused(Format.CSV, HEADER + "a,s3cret,\"" + "x\n".repeat(2_100)))
        .contains("line 2: it is longer than 4,096 bytes");
    assertThat(refused(Format.CSV, HEADER + "a,s3cret" + "s".repeat(1_100) + ",b\n"))
        .contains("client_secret has 1,106 bytes; must be at most 1,024");
    assertThat(
            refused(
                Format.JSON,
                "[{\"client_id\": \"a\", \"client_secret\": \"s3cret\", \"x\": \"%s\"}]"
                    .formatted("x".repeat(5_000))))
        .contains("more than 4,096 bytes");
    var lines = new StringBuilder(HEADER);
    for (int i = 0; i < 10_000; i++) {
      lines.append("a-").append(i).append(",s3cret,\n");
    }
    assertThat(read(Format.CSV, lines.toString()).clients()).hasSize(10_000);
    assertThat(refused(Format.CSV, lines + "b,s3cret,\n"))
        .contains("line 10002: there are more than 10,000 clients");
  }
}
