package dev.genesysvault.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.genesysvault.upstream.Events;
import java.util.Set;

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
}
