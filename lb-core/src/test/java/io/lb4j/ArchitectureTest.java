package io.lb4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private JavaClasses main;
    private SourceRules sources;

    @BeforeAll
    void read() throws IOException {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.lb4j");
        sources = SourceRules.of(Path.of("src/main/java"), Path.of("../lb-okhttp/src/main/java"));
        assertTrue(sources.size() > 150 && main.size() > 40, "the main code was not found");
    }

    @Test
    void nothingIsNeededButTheJdk() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.lb4j..", "java..", "javax..", "jdk.jfr..", "org.jspecify..")
                .check(main);
    }

    @Test
    void rootPackageDependsOnNoOther() {
        noClasses()
                .that()
                .resideInAPackage("io.lb4j")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lb4j.*..")
                .check(main);
    }

    @Test
    void otherPackagesDependOnTheRootAlone() {
        slices().matching("io.lb4j.(*)..").should().notDependOnEachOther().check(main);
    }

    @Test
    void noNameSaysNothing() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Utils?|Impl|Helper)")
                .orShould()
                .haveNameMatching(".*[.$]Default[^.$]*")
                .check(main);
    }

    @Test
    void nothingIsStaticAndMutable() {
        fields().that().areStatic().should().beFinal().check(main);
    }

    @Test
    void timeComesFromTheTicker() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Ticker.class)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(main);
    }

    @Test
    void nothingIsSynchronized() {
        noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(main);
        assertEquals(List.of(), sources.synchronizedCode());
    }

    @Test
    void noFileIsLong() {
        assertEquals(List.of(), sources.longerThan(400));
    }

    @Test
    void everyPackageSaysWhatItIs() {
        assertEquals(List.of(), sources.packagesWithoutNullMarkedPackageInfo());
    }

    @Test
    void whatUsersSeeIsDocumented() {
        assertEquals(List.of(), sources.undocumented());
    }
}
