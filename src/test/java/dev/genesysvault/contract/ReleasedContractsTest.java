package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Engine;
import dev.genesysvault.testing.ReleasedForms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever speaks a contract that was released is understood: what it said keeps its name, number,
 * type and label. A release is kept with its {@code .proto} files, and with what they say as lines
 * of {@code contract.txt}, one for each thing that may not change, written by this test.
 */
final class ReleasedContractsTest {
  private static final String LINES = "contract.txt";
  private static final String RENEW =
      "mvn test -Dexec.skip -Dtest=ReleasedContractsTest -Dgolden.update";

  static List<String> releases() throws IOException {
    return ReleasedForms.releases();
  }

  private static Path kept(String release, String file) {
    return ReleasedForms.CONTRACTS.resolve(release).resolve(file);
  }

  private static List<FileDescriptorProto> current() {
    return Stream.of(Call.getDescriptor(), Engine.getDescriptor())
        .map(message -> message.getFile().toProto())
        .toList();
  }

  /** Only a release whose files were just copied has no lines. */
  @BeforeAll
  static void keep() throws IOException {
    for (var release : releases()) {
      var file = kept(release, LINES);
      if (Files.notExists(file) && System.getProperty("golden.update") != null) {
        Files.write(file, lines(current()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releases")
  void every_line_of_a_release_still_holds(String release) throws IOException {
    var file = kept(release, LINES);

    assertThat(file).as("to write it: %s", RENEW).exists();
    assertThat(lines(current())).containsAll(Files.readAllLines(file));
  }

  @ParameterizedTest
  @MethodSource("releases")
  void the_lines_of_a_release_are_those_of_its_files(String release) throws IOException {
    var texts =
        Files.readString(kept(release, "sidecar.proto"))
            + Files.readString(kept(release, "descriptor.proto"));
    var lines = Files.readAllLines(kept(release, LINES));

    assertThat(lines).hasSizeGreaterThan(150);
    for (var line : lines) {
      assertThat(texts).as(line).contains(declaration(line));
    }
    assertThat(lines).filteredOn(line -> line.contains(" = ")).hasSize(declared(texts));
  }

  /** Returns how a {@code .proto} says the name of a line, with its number where it has one. */
  private static String declaration(String line) {
    var name = line.substring(0, line.indexOf(": "));
    return line.contains("(")
        ? name.substring(name.lastIndexOf('.') + 1) + "("
        : name.substring(name.lastIndexOf('.') + 1) + ";";
  }

  /** Returns how many fields and values with numbers a text declares; two are made of each map. */
  private static int declared(String texts) {
    return texts
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("[^/]* = \\d+;.*"))
        .mapToInt(line -> line.startsWith("map<") ? 3 : 1)
        .sum();
  }

  @Test
  void what_is_added_breaks_nothing() {
    var lines = lines(current());
    var later =
        edited(sidecar ->
            sidecar
                .addMessageType(DescriptorProto.newBuilder().setName("Later"))
                .getMessageTypeBuilder(0)
                .addField(
                    FieldDescriptorProto.newBuilder()
                        .setName("later")
                        .setNumber(99)
                        .setLabel(Label.LABEL_OPTIONAL)
                        .setType(FieldDescriptorProto.Type.TYPE_STRING)));

    assertThat(later).containsAll(lines).hasSizeGreaterThan(lines.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "number", "type", "label", "oneof", "field", "method", "stream"})
  void what_changes_is_noticed(String what) {
    var lines = lines(current());
    var changed =
        edited(sidecar -> {
          var method = sidecar.getServiceBuilder(0).getMethodBuilder(1);
          var message = sidecar.getMessageTypeBuilder(0);
          var field = message.getFieldBuilder(0);
          switch (what) {
            case "name" -> field.setName("other");
            case "number" -> field.setNumber(77);
            case "type" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64);
            case "label" -> field.setLabel(Label.LABEL_REPEATED);
            case "oneof" -> {
              message.addOneofDeclBuilder().setName("either");
              field.setOneofIndex(0);
            }
            case "field" -> message.removeField(0);
            case "method" -> sidecar.getServiceBuilder(0).removeMethod(0);
            default -> method.setClientStreaming(false);
          }
        });

    assertThat(lines).as(what).anyMatch(line -> !changed.contains(line));
  }

  private interface Edit {
    void apply(FileDescriptorProto.Builder sidecar);
  }

  private static List<String> edited(Edit edit) {
    var sidecar = current().getFirst().toBuilder();
    edit.apply(sidecar);
    return lines(List.of(sidecar.build(), current().getLast()));
  }

  /** Returns what files say that may not change, a line each. */
  private static List<String> lines(List<FileDescriptorProto> files) {
    var lines = new TreeSet<String>();
    for (var file : files) {
      file.getMessageTypeList().forEach(it -> message(file.getPackage(), it, lines));
      file.getEnumTypeList().forEach(it -> choice(file.getPackage(), it, lines));
      for (var service : file.getServiceList()) {
        for (var method : service.getMethodList()) {
          lines.add(
              "%s.%s.%s: (%s) returns (%s)"
                  .formatted(
                      file.getPackage(),
                      service.getName(),
                      method.getName(),
                      input(method),
                      output(method)));
        }
      }
    }
    return List.copyOf(lines);
  }

  private static String input(MethodDescriptorProto method) {
    return (method.getClientStreaming() ? "stream " : "") + method.getInputType().substring(1);
  }

  private static String output(MethodDescriptorProto method) {
    return (method.getServerStreaming() ? "stream " : "") + method.getOutputType().substring(1);
  }

  private static void message(String in, DescriptorProto message, Set<String> lines) {
    var name = in + "." + message.getName();
    message.getFieldList().forEach(it -> lines.add(line(name, message, it)));
    message.getNestedTypeList().forEach(it -> message(name, it, lines));
    message.getEnumTypeList().forEach(it -> choice(name, it, lines));
  }

  private static void choice(String in, EnumDescriptorProto choice, Set<String> lines) {
    choice
        .getValueList()
        .forEach(it ->
            lines.add(
                "%s.%s.%s = %d: value"
                    .formatted(in, choice.getName(), it.getName(), it.getNumber())));
  }

  private static String line(String in, DescriptorProto message, FieldDescriptorProto field) {
    var type =
        field.getTypeName().isEmpty()
            ? field.getType().name().replace("TYPE_", "").toLowerCase(Locale.ROOT)
            : field.getTypeName().substring(1);
    var label =
        field.getProto3Optional()
            ? "optional "
            : field.getLabel() == Label.LABEL_REPEATED ? "repeated " : "";
    var oneof =
        field.hasOneofIndex() && !field.getProto3Optional()
            ? ", one of " + message.getOneofDecl(field.getOneofIndex()).getName()
            : "";
    return "%s.%s = %d: %s%s%s"
        .formatted(in, field.getName(), field.getNumber(), label, type, oneof);
  }
}
