package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRulesTest {
    @TempDir
    Path folder;

    private SourceRules rules(String... lines) throws IOException {
        Files.writeString(folder.resolve("Type.java"), String.join("\n", lines));
        return SourceRules.of(folder);
    }

    @Test
    void whatUsersSeeNeedsAFirstSentence() throws IOException {
        SourceRules rules = rules(
                "public interface Type {",
                "    void bare();",
                "    /** Has one. */",
                "    void documented();",
                "    /** @return only a tag */",
                "    int tagged();",
                "    private void hidden() {}",
                "    class Nested {",
                "        public Nested() {}",
                "        protected void inherited() {}",
                "        void hidden() {}",
                "        @Override public String toString() { return new Object() { public void inBody() {} }.toString(); }",
                "        private static class Hidden { public void hidden() {} }",
                "    }",
                "}",
                "class Unseen { public void unseen() {} }");
        assertEquals(
                List.of(
                        "Type.java:1 Type has no first sentence",
                        "Type.java:2 bare has no first sentence",
                        "Type.java:6 tagged has no first sentence",
                        "Type.java:8 Nested has no first sentence",
                        "Type.java:9 <init> has no first sentence",
                        "Type.java:10 inherited has no first sentence"),
                rules.undocumented());
    }

    @Test
    void synchronizedCodeIsFound() throws IOException {
        SourceRules rules = rules(
                "class Type {",
                "    synchronized void method() {}",
                "    // synchronized",
                "    void block() { synchronized (this) { } }",
                "}");
        assertEquals(
                List.of("Type.java:2 method is synchronized", "Type.java:4 a synchronized block"),
                rules.synchronizedCode());
    }

    @Test
    void longFileIsFound() throws IOException {
        SourceRules rules = rules("class Type {", "}", "");
        assertEquals(List.of(), rules.longerThan(2));
        assertEquals(List.of(folder.resolve("Type.java") + ": 2 lines"), rules.longerThan(1));
    }

    @Test
    void packageWithoutDescriptionIsFound() throws IOException {
        assertEquals(List.of(folder.toString()), rules("class Type {}").packagesWithoutNullMarkedPackageInfo());
        Path info = folder.resolve("package-info.java");
        Files.writeString(info, "/** What it is. */\npackage p;");
        assertEquals(List.of(folder.toString()), SourceRules.of(folder).packagesWithoutNullMarkedPackageInfo());
        Files.writeString(info, "/** What it is. */\n@NullMarked\npackage p;");
        assertEquals(List.of(), SourceRules.of(folder).packagesWithoutNullMarkedPackageInfo());
    }
}
