package io.lb4j.okhttp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The rules for byte code; those for source, of both libraries, are held by lb-core's test of the same name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private JavaClasses main;

    @BeforeAll
    void read() {
        main = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.lb4j.okhttp");
        assertTrue(main.size() > 40, "the main code was not found");
    }

    @Test
    void rootPackageDependsOnNoOther() {
        noClasses()
                .that()
                .resideInAPackage("io.lb4j.okhttp")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lb4j.okhttp.*..")
                .check(main);
    }

    @Test
    void otherPackagesDependOnTheRootAlone() {
        slices().matching("io.lb4j.okhttp.(*)..")
                .should()
                .notDependOnEachOther()
                .check(main);
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
    void nothingIsSynchronized() {
        noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(main);
    }

    /** No setting turns the checks of TLS off: no class of this library takes part in them. */
    @Test
    void certificatesAreCheckedByTheClientAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(".*(HostnameVerifier|TrustManager|TrustManagerFactory|SSLContext|SSLSocketFactory"
                        + "|SSLParameters|CertificatePinner|CertificateChainCleaner|ConnectionSpec)")
                .check(main);
        noMethods()
                .that()
                .arePublic()
                .should()
                .haveNameMatching("(?i).*(insecure|trust|verif|unsafe).*")
                .check(main);
    }
}
