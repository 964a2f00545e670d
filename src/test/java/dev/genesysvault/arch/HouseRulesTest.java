package dev.genesysvault.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.genesysvault.lifecycle.Events;
import java.util.Set;

/** The arrows between rooms. */
@AnalyzeClasses(packages = "dev.genesysvault", importOptions = DoNotIncludeTests.class)
final class HouseRulesTest {
  private static final String[] ROOMS = {
    "..domain..",
    "..resilience..",
    "..storage..",
    "..lifecycle..",
    "..rotation..",
    "..engine..",
    "..genesys..",
    "..grpc..",
    "..config..",
    "..observe..",
    "..simulator.."
  };

  @ArchTest
  static final ArchRule ARROWS_GO_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("domain")
          .definedBy("dev.genesysvault.domain..")
          .layer("resilience")
          .definedBy("dev.genesysvault.resilience..")
          .layer("storage")
          .definedBy("dev.genesysvault.storage..")
          .layer("lifecycle")
          .definedBy("dev.genesysvault.lifecycle..")
          .layer("rotation")
          .definedBy("dev.genesysvault.rotation..")
          .layer("engine")
          .definedBy("dev.genesysvault.engine..")
          .layer("genesys")
          .definedBy("dev.genesysvault.genesys..")
          .layer("grpc")
          .definedBy("dev.genesysvault.grpc..")
          .layer("config")
          .definedBy("dev.genesysvault.config..")
          .layer("observe")
          .definedBy("dev.genesysvault.observe..")
          .layer("simulator")
          .definedBy("dev.genesysvault.simulator..")
          .layer("contract")
          .definedBy("dev.genesysvault.proto..")
          .layer("assembly")
          .definedBy("dev.genesysvault")
          .whereLayer("assembly")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("simulator")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("grpc")
          .mayOnlyBeAccessedByLayers("assembly")
          .whereLayer("genesys")
          .mayOnlyBeAccessedByLayers("assembly")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("assembly")
          .whereLayer("observe")
          .mayOnlyBeAccessedByLayers("assembly")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("assembly", "grpc")
          .whereLayer("rotation")
          .mayOnlyBeAccessedByLayers("assembly", "engine")
          .whereLayer("lifecycle")
          .mayOnlyBeAccessedByLayers("assembly", "grpc", "engine", "rotation", "genesys")
          .whereLayer("storage")
          .mayOnlyBeAccessedByLayers("assembly", "grpc", "engine", "rotation", "lifecycle")
          .whereLayer("resilience")
          .mayOnlyBeAccessedByLayers(
              "assembly", "grpc", "engine", "rotation", "lifecycle", "genesys", "observe")
          .whereLayer("contract")
          .mayOnlyBeAccessedByLayers("grpc", "engine");

  @ArchTest
  static final ArchRule ROOMS_HAVE_NO_CYCLES =
      slices().matching("dev.genesysvault.(*)..").should().beFreeOfCycles();

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
  static final ArchRule GRPC_KNOWS_OF_LIFECYCLE_ITS_DOOR_TO_VAULTS_EVENTS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("..grpc..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "are of lifecycle and not Events",
                  (JavaClass other) ->
                      other.getPackageName().startsWith("dev.genesysvault.lifecycle")
                          && !other.isEquivalentTo(Events.class)));

  /**
   * Who may use patterns, and why no text of a caller makes them slow: a pattern that backtracks
   * takes minutes of a megabyte. What others need is in {@code domain.Texts}.
   */
  private static final Set<String> CHECKED_PATTERNS =
      Set.of(
          // The operator's own settings, and at most seven characters of them.
          "dev.genesysvault.config.Settings",
          // A class of characters repeated with nothing behind it: nothing to come back for.
          "dev.genesysvault.domain.UpstreamFailure");

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

  @ArchTest
  static final ArchRule EVERY_CLASS_LIVES_IN_A_ROOM =
      classes()
          .that()
          .resideInAPackage("dev.genesysvault.(*)..")
          .and()
          .resideOutsideOfPackage("..proto..")
          .should()
          .resideInAnyPackage(ROOMS);
}
