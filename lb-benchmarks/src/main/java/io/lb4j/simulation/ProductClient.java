package io.lb4j.simulation;

import io.lb4j.Lease;
import io.lb4j.LoadBalancer;
import io.lb4j.Outcome;
import io.lb4j.Ticker;

/** A client that uses the product, through its public API: acquire, report, close. */
final class ProductClient implements Client {
    private final LoadBalancer balancer;
    private final Fleet fleet;
    private final Timeline timeline;
    private final Ticker clock;
    private final boolean reportsLoad;

    ProductClient(LoadBalancer balancer, Fleet fleet, Timeline timeline, Ticker clock, boolean reportsLoad) {
        this.balancer = balancer;
        this.fleet = fleet;
        this.timeline = timeline;
        this.clock = clock;
        this.reportsLoad = reportsLoad;
    }

    @Override
    public boolean begin(Attempt attempt) {
        Lease lease = balancer.tryAcquire(attempt);
        if (lease == null) {
            return false;
        }
        attempt.lease = lease;
        attempt.sendTo(fleet.server(Fleet.indexOf(lease.endpoint())));
        return true;
    }

    @Override
    public void end(Attempt attempt, Outcome outcome) {
        Lease lease = attempt.lease;
        if (lease == null) {
            return;
        }
        if (reportsLoad && outcome != Outcome.TIMED_OUT) {
            lease.node().loadReport(attempt.server().meter().report(timeline.now(), clock.nanoTime()));
        }
        boolean ignored = lease.report(outcome);
        lease.close();
    }

    @Override
    public void close() {
        balancer.close();
    }
}
