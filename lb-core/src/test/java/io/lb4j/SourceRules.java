package io.lb4j;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Rules that byte code does not show; each method returns what breaks one. */
final class SourceRules {
    private final List<Path> files;
    private final DocTrees docs;
    private final List<CompilationUnitTree> units = new ArrayList<>();

    private SourceRules(List<Path> files, JavacTask parser) throws IOException {
        this.files = files;
        this.docs = DocTrees.instance(parser);
        parser.parse().forEach(units::add);
    }

    /** Reads all Java files below some folders. */
    static SourceRules of(Path... folders) throws IOException {
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK is needed");
        List<Path> files = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> walk = Files.walk(folder)) {
                walk.filter(path -> path.toString().endsWith(".java")).forEach(files::add);
            }
        }
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            Iterable<? extends JavaFileObject> objects = manager.getJavaFileObjectsFromPaths(files);
            List<String> options = List.of("--release", "17", "-proc:none");
            return new SourceRules(files, (JavacTask) compiler.getTask(null, manager, null, options, null, objects));
        }
    }

    int size() {
        return files.size();
    }

    List<String> longerThan(int lines) {
        return files.stream()
                .filter(file -> lines(file).size() > lines)
                .map(file -> file + ": " + lines(file).size() + " lines")
                .toList();
    }

    List<String> packagesWithoutNullMarkedPackageInfo() {
        Set<String> packages = new TreeSet<>();
        Set<String> described = new TreeSet<>();
        for (Path file : files) {
            String folder = Objects.requireNonNull(file.getParent()).toString();
            if (file.endsWith("package-info.java")) {
                if (lines(file).contains("@NullMarked") && lines(file).get(0).startsWith("/**")) {
                    described.add(folder);
                }
            } else if (!file.endsWith("module-info.java")) {
                packages.add(folder);
            }
        }
        packages.removeAll(described);
        return List.copyOf(packages);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> synchronizedCode() {
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : units) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitSynchronized(SynchronizedTree block, Void unused) {
                    found.add(where(unit, block, "a synchronized block"));
                    return super.visitSynchronized(block, null);
                }

                @Override
                public Void visitMethod(MethodTree method, Void unused) {
                    if (method.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
                        found.add(where(unit, method, method.getName() + " is synchronized"));
                    }
                    return super.visitMethod(method, null);
                }
            }.scan(unit, null);
        }
        return found;
    }

    /** Public types, and public and protected methods in them, whose doc comment has no first sentence. */
    List<String> undocumented() {
        List<String> found = new ArrayList<>();
        for (CompilationUnitTree unit : units) {
            new Undocumented(unit, found).scan(unit, null);
        }
        return found;
    }

    private String where(CompilationUnitTree unit, Tree tree, String what) {
        long position = docs.getSourcePositions().getStartPosition(unit, tree);
        String file = Path.of(unit.getSourceFile().toUri()).getFileName().toString();
        return file + ":" + unit.getLineMap().getLineNumber(position) + " " + what;
    }

    /** Looks at what users of a module see; does not enter method bodies. */
    private final class Undocumented extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final List<String> found;

        Undocumented(CompilationUnitTree unit, List<String> found) {
            this.unit = unit;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (isVisible(type.getModifiers())) {
                check(type, type.getSimpleName().toString());
                return super.visitClass(type, null);
            }
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            if (isVisible(method.getModifiers()) && !overrides(method)) {
                check(method, method.getName().toString());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void unused) {
            return null;
        }

        private boolean isVisible(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || (isInInterface() && !flags.contains(Modifier.PRIVATE));
        }

        private boolean isInInterface() {
            Tree parent = getCurrentPath().getParentPath().getLeaf();
            return parent.getKind() == Tree.Kind.INTERFACE || parent.getKind() == Tree.Kind.ANNOTATION_TYPE;
        }

        private static boolean overrides(MethodTree method) {
            for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
                if (annotation.getAnnotationType().toString().equals("Override")) {
                    return true;
                }
            }
            return false;
        }

        private void check(Tree tree, String name) {
            var comment = docs.getDocCommentTree(getCurrentPath());
            if (comment == null || comment.getFirstSentence().isEmpty()) {
                found.add(where(unit, tree, name + " has no first sentence"));
            }
        }
    }
}
