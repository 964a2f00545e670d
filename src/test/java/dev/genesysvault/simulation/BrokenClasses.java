package dev.genesysvault.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * The product and its simulation anew, some classes of the product replaced by broken ones; all
 * else is what has been loaded already. Nothing of it is seen from outside, and nothing remains.
 */
final class BrokenClasses extends ClassLoader {
  private static final String OURS = "dev.genesysvault.";
  private static final String CONTRACT = "dev.genesysvault.proto.";

  private final Path folder;

  /**
   * Makes them.
   *
   * @param folder of the classes that are broken
   */
  BrokenClasses(Path folder) {
    super(BrokenClasses.class.getClassLoader());
    this.folder = folder;
  }

  /** Compiles one set of files after another, and reads the class path once for all. */
  static final class Compiler implements AutoCloseable {
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, null, null);

    Compiler(String classPath) throws IOException {
      var parts = List.of(classPath.split(System.getProperty("path.separator"), -1));
      manager.setLocationFromPaths(
          StandardLocation.CLASS_PATH,
          parts.stream().filter(part -> !part.isEmpty()).map(Path::of).toList());
    }

    /** Returns whether they could be compiled. */
    boolean compile(List<Path> files, Path out) throws IOException {
      manager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(out));
      var options = List.of("-proc:none", "-nowarn");
      var sources = manager.getJavaFileObjectsFromPaths(files);
      return compiler.getTask(null, manager, null, options, null, sources).call();
    }

    @Override
    public void close() throws IOException {
      manager.close();
    }
  }

  /** Runs schedules, and returns what is to be told of them. */
  String simulate(String names) throws ReflectiveOperationException {
    var method =
        loadClass(SimulationMain.class.getName()).getDeclaredMethod("simulate", String.class);
    method.setAccessible(true);
    return String.valueOf(method.invoke(null, names));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS) || name.startsWith(CONTRACT)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      var loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try {
      var bytes = bytes(name.replace('.', '/') + ".class");
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException | UncheckedIOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] bytes(String file) throws IOException {
    var broken = folder.resolve(file);
    if (Files.exists(broken)) {
      return Files.readAllBytes(broken);
    }
    try (var whole = getParent().getResourceAsStream(file)) {
      if (whole == null) {
        throw new IOException("there is no " + file);
      }
      return whole.readAllBytes();
    }
  }
}
