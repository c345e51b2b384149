package org.quadrille.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A module depends only on modules on lower floors; the picture of this is in the README. */
class ModuleFloorsTest {

  /**
   * Module package (below org.quadrille) to floor; two modules of one floor do not know each other.
   */
  private static final Map<String, Integer> FLOORS = new LinkedHashMap<>();

  static {
    FLOORS.put("kernels.cpu", 0);
    // Optional: built only beside a TornadoVM SDK. Knows kernels.cpu and nothing else.
    FLOORS.put("kernels.gpu", 1);
    FLOORS.put("linalg", 1);
    FLOORS.put("formats", 2);
    FLOORS.put("optim", 2);
    FLOORS.put("transformer", 3);
    FLOORS.put("lowrank", 3);
    FLOORS.put("zernike", 3);
    FLOORS.put("quant", 4);
    FLOORS.put("growth", 4);
    FLOORS.put("federated", 4);
    FLOORS.put("cli", 5);
  }

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          // The benchmarks stand beside the floors: they may use anything, and nothing uses them.
          .withImportOption(location -> !location.contains("/org/quadrille/jmh/"))
          .importPackages("org.quadrille");

  @Test
  void everyModuleDependsOnLowerFloorsOnly() {
    List<String> violations = new ArrayList<>();
    for (JavaClass from : CLASSES) {
      String module = moduleOf(from.getPackageName());
      from.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(to -> to.getPackageName().startsWith("org.quadrille"))
          .filter(to -> !moduleOf(to.getPackageName()).equals(module))
          .filter(to -> FLOORS.get(moduleOf(to.getPackageName())) >= FLOORS.get(module))
          .forEach(to -> violations.add(from.getName() + " -> " + to.getName()));
    }
    assertEquals(List.of(), violations);
  }

  @Test
  void everyFloorHasClasses() {
    Set<String> found =
        CLASSES.stream()
            .map(c -> moduleOf(c.getPackageName()))
            .collect(Collectors.toCollection(TreeSet::new));
    found.add("kernels.gpu");
    assertEquals(new TreeSet<>(FLOORS.keySet()), found);
  }

  @Test
  void onlyTheKernelsKnowTheVectorApi() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.quadrille.kernels..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(CLASSES);
  }

  @Test
  void libraryModulesUseOnlyTheJdkAndEjml() {
    classes()
        .that()
        .resideOutsideOfPackages("org.quadrille.cli..", "org.quadrille.kernels.gpu..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "org.quadrille..",
            "java..",
            "javax..",
            "com.sun.management..",
            "jdk.incubator.vector..",
            "org.ejml..",
            "")
        .check(CLASSES);
  }

  @Test
  void onlyTheGpuKernelsKnowTornadoVm() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.quadrille.kernels.gpu..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("uk.ac.manchester..")
        .check(CLASSES);
  }

  @Test
  void librariesDoNotPrint() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.quadrille.cli..")
        // A program of its own, where the optional module is there.
        .and()
        .doNotHaveFullyQualifiedName("org.quadrille.kernels.gpu.Verify")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  private static String moduleOf(String packageName) {
    String inside = packageName.substring("org.quadrille".length()).replaceFirst("^\\.", "");
    String module =
        FLOORS.keySet().stream()
            .filter(m -> inside.equals(m) || inside.startsWith(m + "."))
            .findFirst()
            .orElse(null);
    assertFalse(
        module == null,
        () -> "package " + packageName + " is on no floor; add it to FLOORS and to the README");
    return module;
  }
}
