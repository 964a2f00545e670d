package dev.genesysvault.arch;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What compiled classes call, by reference too, and where they synchronize. */
final class Bytecode {
  private Bytecode() {}

  /**
   * One thing that a class does.
   *
   * @param of the class
   * @param what {@code synchronized}, or class, method and descriptor of what it calls, as {@code
   *     java.lang.Thread.sleep(J)V}
   */
  record Use(String of, String what) {}

  /** Returns what the classes below a folder do. */
  static List<Use> usesBelow(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      var uses = new ArrayList<Use>();
      for (var file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        uses.addAll(uses(file));
      }
      return uses;
    }
  }

  private static List<Use> uses(Path file) throws IOException {
    var model = ClassFile.of().parse(file);
    var name = named(model.thisClass().asSymbol());
    return model.methods().stream()
        .flatMap(method -> uses(method))
        .distinct()
        .map(what -> new Use(name, what))
        .toList();
  }

  private static Stream<String> uses(MethodModel method) {
    var flag =
        method.flags().has(AccessFlag.SYNCHRONIZED)
            ? Stream.of("synchronized")
            : Stream.<String>empty();
    var code = method.code().stream().flatMap(body -> body.elementStream()).flatMap(Bytecode::uses);
    return Stream.concat(flag, code);
  }

  private static Stream<String> uses(CodeElement element) {
    return switch (element) {
      case MonitorInstruction _ -> Stream.of("synchronized");
      case InvokeInstruction call ->
          Stream.of(
              text(call.owner().asSymbol(), call.name().stringValue(), call.type().stringValue()));
      case InvokeDynamicInstruction dynamic ->
          dynamic.bootstrapArgs().stream()
              .filter(DirectMethodHandleDesc.class::isInstance)
              .map(DirectMethodHandleDesc.class::cast)
              .map(it -> text(it.owner(), it.methodName(), it.lookupDescriptor()));
      default -> Stream.empty();
    };
  }

  private static String text(ClassDesc owner, String method, String descriptor) {
    return named(owner) + "." + method + descriptor;
  }

  private static String named(ClassDesc type) {
    var name = type.displayName();
    return type.packageName().isEmpty() ? name : type.packageName() + "." + name;
  }
}
