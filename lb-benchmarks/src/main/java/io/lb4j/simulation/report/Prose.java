package io.lb4j.simulation.report;

/** The words of the report. */
final class Prose {
    private Prose() {}

    static String introduction(int seeds) {
        return """
                # Simulation

                Which algorithm keeps latency low when servers are slow, new, broken or crowded? Here every algorithm meets the same 22
                situations in virtual time: the **real** `LoadBalancer` with its algorithm, health tracker, slow start, plans and timers,
                driven through acquire, report and close as an application does it. Beside it stand **our models** of what others have;
                they are written from those projects' sources and papers, and are not their code.

                `scripts/simulate` writes this page anew, `scripts/simulate show S2 1` prints one scenario. The same seed gives the
                same figures on every machine, so a change of this page is a change of behaviour. A test compares a short part of it
                strictly. How to simulate your own servers: `lb-benchmarks/src/main/java/io/lb4j/simulation/OwnServers.java`.

                Unless a scenario says otherwise: 10 servers, each a queue (first come, first served) with 4 workers; exponential service
                of 10 ms; 10 clients that know nothing of each other; Poisson arrivals, each at a random client; 0.25 ms of network each
                way; time-out 2 s, and the server works on. Servers report no load, except to the policies marked with a star. Nobody
                retries, so no request is replayable. %d seeds, means of the seeds; all policies meet the same requests. Faults last from 15 to 45 s; figures with
                a fault are those of its time.

                Cells: p99 / p99.9 of successes in ms, and in brackets the requests that succeed if not all do. S6, S7, S18 and S19 are
                about success, S11 about answers within a second. Policies in `code` are this library's, with default settings; the
                others are models, "plain" ones without any health check. Who fails more is not better for being fast with the rest.

                """.formatted(seeds);
    }

    static String comparison() {
        return """
                The best of the others: lowest p99 among policies that need no load reports and lose at most 0.1 points of success to
                least response time. A ratio above 1.03 would be bold. "Formula alone" is the same algorithm without the product around
                it: no plans, no ticks, no cached costs, trials only when the formula wants them. "Prototype" is how far p99 / p99.9
                are from those of another simulator, which was written first and whose code was not at hand. That is a check, but not
                an independent one: durations, windows and rates that its description leaves open were inferred from its results,
                and the antagonists of S8 and S12 were fitted to them (last section).

                """;
    }

    static String exceptions() {
        return """

                Where that is more than 1.03, and why:

                - S21: the new servers are as fast as the old ones from the start, so slow start (10 s from 10 %) only holds capacity
                  back. Without it the p99 is that of the best; see "Slow start" below.

                How firm the rest is. With three other seeds (5000 to 5002), against NGINX least_time, Dialogue BALANCED and
                `leastRequests`, the largest ratios were 1.028 (S4), 1.024 (S9), 1.019 (S16) and 1.139 (S21). In S4 it depends on the model: the
                prototype's own model of NGINX least_time had a p99 of 60.3 ms there, to which ours would be 1.035. Three seeds leave
                1 to 2 % of noise in S10 and S13.

                """;
    }

    static String slowStarts() {
        return """
                Least response time finds out by itself how fast a new server is, so slow start has less to do than with other
                algorithms. It protects servers that are very slow at first, and costs where those that are new are most of what is
                left to take the load.

                """;
    }

    static String targets() {
        return """
                Set before the product existed, from the prototype's results.

                Figures are compared with all their digits. S11 stands on the limit: seeds 5000 to 5002 give 99.898.

                S18: six of ten servers fail and at most five may be ejected. In one seed, 304 of the 365 requests lost were ordinary
                ones (each client needs about five failures to find a server out) and 61 failed trials of ejected servers. Without
                a health tracker 99.06 % succeed in that seed, with it 98.98 %.

                S6 and S18 depend on what a request without retries is taken for. Here it is not replayable, so an ejected server is
                tried 5 s after its time. That was decided after a first run in which such requests were replayable and not
                repeated: S6 gave 99.90 % and S18 98.69 %, so a client that says "replayable" and does not retry gets that.

                """;
    }

    static String tables() {
        return "";
    }

    static String retries() {
        return """
                Success and p99 of clients that try a failed request once more on another server. Requests are then replayable, so an
                ejected server is tried by the first request after its time; without retries it is tried 5 s later.

                """;
    }

    static String plots() {
        return """
                One seed. The shaded time is that of the fault.

                """;
    }

    static String calibration() {
        return """
                Systems with a known answer, simulated with the same servers and clients. `s`k is the part of the servers with at least
                k requests; theory says that of infinitely many servers, from the load that was drawn. In Buoyant's test of Linkerd (2016) one of eleven servers answers in 2 s for half of the time; what they
                published is in the column "theory".

                """;
    }

    static String limits() {
        return """
                ## What this does not show

                - Arrivals are Poisson and clients are independent; real traffic is burstier. No TCP, no connection pools, no TLS.
                - The scenarios S1 to S11 were at hand when the algorithm was designed. S12 to S20 came later and changed one part of it.
                  Nothing was designed with S21 and S22.
                - Fitted, not predicted: the antagonists of S8 and S12 (30 % of the seconds, 1.5 to 3.5 times slower) are the best of six
                  variants tried with seed 1000, chosen for agreement with the prototype's figures of random choice, P2C least request
                  and least response time together; the service time of 8 ms there, S5's and S10's windows, and several durations and
                  rates were inferred from its results too.
                - The models leave things out: Finagle's aperture, Dialogue's concurrency limits and queue, ServiceTalk's outlier detector
                  (five failures in a row close a server for 5 s instead), NGINX's 20 ms steps (2 ms here).
                  More than 10 % from the prototype's model of the same: ServiceTalk in S20 (p99 136 against 63 ms; ours follows its
                  source, where an error counts ten times the average), Dialogue in S10, P2C least request in S11, gRPC ORCA WRR in eight scenarios.
                  NGINX loses fewer requests in S6 than there (90 instead of 98 %).
                - Percentiles are of successes. A policy that sends requests to a server that loses them looks fast: see S9.
                """;
    }
}
