package io.lb4j.okhttp;

import io.lb4j.Node;
import java.time.Duration;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Reads from an answer what its server says of itself, and tells the node: its load, or the weight it wants.
 *
 * <p>Called for every answer that came from the server, whatever its status, by many threads at once; quick; must not read or
 * close the body. One that throws is logged and changes nothing. Thread-safe.
 *
 * <pre>{@code
 * Service.of(orders).withServerReports(ServerReport.orca()) // for Balancers.reportedLoad()
 * }</pre>
 */
@FunctionalInterface
public interface ServerReport {
    /**
     * Reads an answer.
     *
     * @param response the answer, its body unread
     * @param node the node it came from
     * @param nowNanos the time by the clock of the LoadBalancer
     */
    void read(Response response, Node node, long nowNanos);

    /**
     * Reads the load that servers report in the headers of ORCA, for {@code Balancers.reportedLoad()}.
     *
     * <p>Those are {@code endpoint-load-metrics-bin}, and {@code endpoint-load-metrics} in the forms {@code TEXT}, {@code
     * JSON} and {@code BIN}. Reports in trailers are not read. Unknown metrics are passed over; a report with a metric told
     * twice, or with a value that is no number or negative, is not believed. Source: gRFC A51, Envoy.
     *
     * @return the reader
     */
    static ServerReport orca() {
        return orca(List.of());
    }

    /**
     * Reads the load that servers report in the headers of ORCA, with metrics of their own.
     *
     * @param names the maximum of these is the utilization of a server that does not tell {@code application_utilization},
     *     for instance {@code named_metrics.queue}, {@code utilization.gpu} or {@code mem_utilization}; if it tells none of
     *     them, {@code cpu_utilization} is. Source: gRFC A114
     * @return the reader
     */
    static ServerReport orca(List<String> names) {
        List<String> copy = List.copyOf(Checks.notNull("names", names));
        return (response, node, nowNanos) -> {
            OrcaReport report = OrcaReport.of(response);
            if (!report.metrics().isEmpty()) {
                node.loadReport(report.toLoadReport(copy, nowNanos));
            }
        };
    }

    /**
     * Reads the weight that a server asks for from a header, as Google Cloud's load balancers do from {@code
     * X-Load-Balancing-Endpoint-Weight}; see {@link Node#targetWeight(double, Duration)} for what it does.
     *
     * @param header its name; its value is a number from 0 to 1 000 000, anything else is not heeded
     * @param validity how long a weight counts unless it is said again, more than 0. A server that asked for 0 gets requests
     *     again after that time, since without any it could not ask for more
     * @return the reader
     */
    static ServerReport targetWeight(String header, Duration validity) {
        Checks.headerName("header", header);
        if (Checks.timeout("validity", validity).isZero()) {
            throw Checks.bad("validity", validity, "> 0");
        }
        return (response, node, nowNanos) -> {
            @Nullable Double weight = TargetWeights.parse(response.header(header));
            if (weight != null) {
                node.targetWeight(weight, validity);
            }
        };
    }

    /**
     * Returns this reader and another one, one after the other.
     *
     * @param other the other one
     * @return both
     */
    default ServerReport and(ServerReport other) {
        Checks.notNull("other", other);
        return (response, node, nowNanos) -> {
            read(response, node, nowNanos);
            other.read(response, node, nowNanos);
        };
    }
}
