package io.lb4j.examples;

import io.lb4j.examples.demo.Comparison;
import io.lb4j.examples.demo.Report;
import io.lb4j.examples.demo.Scenario;
import io.lb4j.examples.demo.Screen;
import java.io.IOException;
import java.time.Duration;

/**
 * Shows what a better algorithm is good for: six real servers with faults, real calls, round robin beside least response
 * time. The system property {@code demo.seconds} says how long each takes; 20 by default.
 */
public final class Demo {
    private static final int INTERRUPTED = 130;

    private Demo() {}

    /** Exits with 0 unless it is interrupted or a server cannot be started. */
    public static void main(String[] args) throws IOException {
        Screen screen = Screen.standard();
        double seconds = Double.parseDouble(System.getProperty("demo.seconds", "20"));
        try {
            show(Scenario.lasting(Duration.ofMillis((long) (seconds * 1000))), screen);
        } catch (InterruptedException e) {
            screen.line("interrupted");
            System.exit(INTERRUPTED);
        }
    }

    private static void show(Scenario scenario, Screen screen) throws IOException, InterruptedException {
        screen.line(
                "Six servers in this process; one is " + (int) scenario.slowness() + " times slower than the others.");
        screen.line(scenario.callsPerSecond() + " calls per second through OkHttp, for "
                + scenario.length().toMillis() / 1000.0 + " s with each algorithm.");
        screen.line("Both get the same calls at the same times, and the same faults.");
        Report.show(Comparison.run(scenario, screen), screen);
    }
}
