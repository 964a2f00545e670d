package dev.genesysvault.destination.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sidecar that was started without Amazon's library has the kind, and says what it lacks. */
final class WithoutTheLibraryTest {
  private Class<?> kind = Object.class;
  private Object made = "";

  /** Has this house's classes anew, and none of Amazon's. */
  private static final class Without extends ClassLoader {
    private Without(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("software.amazon.")) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.genesysvault.")) {
        return super.loadClass(name, resolve);
      }
      var known = findLoadedClass(name);
      return known == null ? own(name) : known;
    }

    private Class<?> own(String name) throws ClassNotFoundException {
      try (var in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        var bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    @Override
    public @Nullable URL getResource(String name) {
      return name.startsWith("software/amazon/") ? null : super.getResource(name);
    }
  }

  @BeforeEach
  void a_kind_of_such_a_sidecar() throws Exception {
    kind =
        new Without(getClass().getClassLoader())
            .loadClass("dev.genesysvault.destination.aws.AwsSecretsManagerKind");
    made = kind.getConstructors()[0].newInstance(new Object[3]);
  }

  private void open(Map<String, String> settings) throws ReflectiveOperationException {
    kind.getMethod("open", Map.class).invoke(made, settings);
  }

  @Test
  void its_settings_and_entries_are_known() throws Exception {
    assertThat((Collection<?>) kind.getMethod("settings").invoke(made)).hasSize(12);
    assertThat((Collection<?>) kind.getMethod("addresses").invoke(made)).hasSize(2);
    kind.getMethod("checkEntry", String.class).invoke(made, "apps/crm");
  }

  @Test
  void wrong_settings_are_said_first() {
    assertThatThrownBy(() -> open(Map.of("region", "none")))
        .cause()
        .hasMessageContaining("must be an AWS region");
  }

  @Test
  void opening_one_says_what_to_do() {
    assertThatThrownBy(() -> open(Map.of("region", "eu-central-1")))
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the kind aws_secrets_manager needs a library", "lib/optional/aws");
  }
}
