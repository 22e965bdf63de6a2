package io.lb4j.examples;

import java.lang.module.ModuleDescriptor;
import java.util.List;

/** Started with {@code java -p ... -m} by the build: fails unless both libraries are real, named modules. */
public final class ModularSmoke {
    private static final List<String> LIBRARIES = List.of("io.lb4j.core", "io.lb4j.okhttp");

    private ModularSmoke() {}

    /** Exits with 1 if a library is missing or automatic, or if this class itself is on the class path. */
    public static void main(String[] args) {
        boolean good = ModularSmoke.class.getModule().isNamed();
        for (String name : LIBRARIES) {
            Module module = ModuleLayer.boot().findModule(name).orElse(null);
            ModuleDescriptor descriptor = module == null ? null : module.getDescriptor();
            String found = descriptor == null ? "missing" : descriptor.isAutomatic() ? "automatic" : "named module";
            System.out.println("modular smoke: " + name + ": " + found);
            good &= found.equals("named module");
        }
        if (!good) {
            System.err.println("modular smoke: failed, " + ModularSmoke.class.getModule());
            System.exit(1);
        }
    }
}
