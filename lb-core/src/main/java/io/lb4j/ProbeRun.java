package io.lb4j;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** One check; when it is over, also if it was cancelled and went on for a while, it says so. */
final class ProbeRun extends FutureTask<HealthProbe.Verdict> {
    private final Node node;
    private final Consumer<ProbeRun> over;

    ProbeRun(Node node, Callable<HealthProbe.Verdict> check, Consumer<ProbeRun> over) {
        super(check);
        this.node = node;
        this.over = over;
    }

    @Override
    public void run() {
        super.run();
        if (isCancelled()) {
            boolean ignored = Thread.interrupted(); // meant for the check alone
        }
        over.accept(this);
    }

    @Override
    public String toString() {
        return "check of " + node.endpoint().id();
    }
}
