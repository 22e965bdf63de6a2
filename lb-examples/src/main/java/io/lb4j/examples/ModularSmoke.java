package io.lb4j.examples;

import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.util.List;
import java.util.Map;

/** Started with {@code java -p ... -m} by the build: fails unless both libraries are real, named modules that work. */
public final class ModularSmoke {
    private static final List<String> LIBRARIES = List.of("io.lb4j.core", "io.lb4j.okhttp");
    private static final int CALLS = 10;

    private ModularSmoke() {}

    /** Exits with 1 if a library is missing, automatic or does not work, or if this class is on the class path. */
    public static void main(String[] args) throws IOException, InterruptedException {
        boolean good = ModularSmoke.class.getModule().isNamed();
        for (String name : LIBRARIES) {
            Module module = ModuleLayer.boot().findModule(name).orElse(null);
            ModuleDescriptor descriptor = module == null ? null : module.getDescriptor();
            String found = descriptor == null ? "missing" : descriptor.isAutomatic() ? "automatic" : "named module";
            System.out.println("modular smoke: " + name + ": " + found);
            good &= found.equals("named module");
        }
        good &= balances();
        if (!good) {
            System.err.println("modular smoke: failed, " + ModularSmoke.class.getModule());
            System.exit(1);
        }
    }

    private static boolean balances() throws IOException, InterruptedException {
        try (LocalServer a = LocalServer.start("a");
                LocalServer b = LocalServer.start("b");
                LoadBalancer service = LoadBalancer.builder(
                                "smoke", EndpointSource.of(a.address(), b.address()), Balancers.roundRobin())
                        .build();
                Calls calls = new Calls(service)) {
            Map<String, Integer> answers = calls.make(CALLS);
            System.out.println("modular smoke: answers " + answers);
            return answers.equals(Map.of("a", CALLS / 2, "b", CALLS / 2));
        }
    }
}
