package dev.genesysvault.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.genesysvault.engine.mount.Connections;
import dev.genesysvault.upstream.Events;
import java.util.Set;
import java.util.stream.Collectors;

/** What rooms may know beside one another; {@link RoomsTest} has the arrows between them. */
@AnalyzeClasses(packages = "dev.genesysvault", importOptions = DoNotIncludeTests.class)
final class HouseRulesTest {
  @ArchTest
  static final ArchRule DOMAIN_KNOWS_THE_JDK_ALONE =
      classes()
          .that()
          .resideInAPackage("..domain..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("dev.genesysvault.domain..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule THE_SIMULATOR_KNOWS_NO_OTHER_ROOM =
      noClasses()
          .that()
          .resideInAPackage("..simulator..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are of another room",
                  (JavaClass other) ->
                      other.getPackageName().startsWith("dev.genesysvault")
                          && !other.getPackageName().startsWith("dev.genesysvault.simulator")));

  @ArchTest
  static final ArchRule ONLY_GENESYS_KNOWS_THE_SDK =
      noClasses()
          .that()
          .resideOutsideOfPackage("..genesys..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.mypurecloud..");

  @ArchTest
  static final ArchRule ONLY_WHAT_IS_IN_AWS_KNOWS_AMAZONS_LIBRARY =
      noClasses()
          .that()
          .resideOutsideOfPackages("..destination.aws..", "..observe.cloudwatch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule ONLY_OBSERVE_KNOWS_MICROMETER =
      noClasses()
          .that()
          .resideOutsideOfPackage("..observe..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..");

  @ArchTest
  static final ArchRule ONLY_THE_ENGINES_DESCRIPTOR_AND_GRPC_KNOW_THE_CONTRACT =
      noClasses()
          .that()
          .resideInAPackage("..engine..")
          .and()
          .doNotHaveSimpleName("EngineDescriptor")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..proto..");

  @ArchTest
  static final ArchRule GRPC_KNOWS_OF_UPSTREAM_ITS_DOOR_TO_VAULTS_EVENTS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("..grpc..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are of upstream and not Events",
                  (JavaClass other) ->
                      other.getPackageName().startsWith("dev.genesysvault.upstream")
                          && !other.isEquivalentTo(Events.class)));

  /** Caffeine makes room on the pool of the process, unless it is told where. */
  private static final ArchCondition<JavaClass> SAY_WHERE_A_CACHE_MAKES_ROOM =
      new ArchCondition<>("say where a cache makes room") {
        @Override
        public void check(JavaClass of, ConditionEvents events) {
          for (var unit : of.getCodeUnits()) {
            var called =
                unit.getCallsFromSelf().stream()
                    .filter(call -> call.getTargetOwner().isEquivalentTo(Caffeine.class))
                    .map(JavaCall::getName)
                    .collect(Collectors.toSet());
            boolean made = called.contains("newBuilder") || called.contains("from");
            if (made && !called.contains("executor")) {
              events.add(
                  SimpleConditionEvent.violated(
                      unit, unit.getFullName() + " makes a cache without an executor"));
            }
          }
        }
      };

  @ArchTest
  static final ArchRule NO_CACHE_WORKS_ON_THE_COMMON_POOL =
      classes().should(SAY_WHERE_A_CACHE_MAKES_ROOM);

  /** Two caches, one of which the rule above has to see. */
  @SuppressWarnings("unused")
  private static final class Caches {
    static Cache<String, String> told() {
      return Caffeine.newBuilder().executor(Runnable::run).build();
    }

    static Cache<String, String> untold() {
      return Caffeine.newBuilder().maximumSize(1).build();
    }
  }

  @ArchTest
  static void a_cache_on_the_common_pool_is_seen(JavaClasses house) {
    var caches = new ClassFileImporter().importClasses(Caches.class);
    var violations = NO_CACHE_WORKS_ON_THE_COMMON_POOL.evaluate(caches).getFailureReport();

    assertThat(violations.getDetails()).singleElement().asString().contains("untold()");
    assertThat(house).anyMatch(type -> type.isEquivalentTo(Connections.class));
  }

  /**
   * Who may use patterns, and why no text of a caller makes them slow: a pattern that backtracks
   * takes minutes of a megabyte. What others need is in {@code domain.Texts}.
   */
  private static final Set<String> CHECKED_PATTERNS =
      Set.of(
          // The operator's own settings, and at most seven characters of them.
          "dev.genesysvault.config.Settings");

  @ArchTest
  static final ArchRule NO_PATTERN_MEETS_A_CALLERS_TEXT =
      noClasses()
          .that()
          .resideOutsideOfPackage("..simulator..")
          .and(
              DescribedPredicate.describe(
                  "are not among the checked ones",
                  (JavaClass it) -> !CHECKED_PATTERNS.contains(it.getName())))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.regex")
          .orShould()
          .callMethod(String.class, "matches", String.class)
          .orShould()
          .callMethod(String.class, "replaceAll", String.class, String.class)
          .orShould()
          .callMethod(String.class, "replaceFirst", String.class, String.class)
          .orShould()
          .callMethod(String.class, "split", String.class)
          .orShould()
          .callMethod(String.class, "split", String.class, int.class);
}
