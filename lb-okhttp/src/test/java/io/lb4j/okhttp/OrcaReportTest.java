package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lb4j.LoadReport;
import java.util.List;
import java.util.Map;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrcaReportTest {
    /** From the tests of Envoy: cpu 0.5, rps 100, eps 2, rif 4. */
    private static final String BINARY = "CQAAAAAAAOA/MQAAAAAAAFlAOQAAAAAAAABAQg4KA3JpZhEAAAAAAAAQQA";

    private static final Map<String, Double> TOLD =
            Map.of("cpu_utilization", 0.5, "rps_fractional", 100.0, "eps", 2.0, "named_metrics.rif", 4.0);

    static Response answer(String header, String value) {
        return new Response.Builder()
                .request(new Request.Builder().url("http://orders/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .addHeader(header, value)
                .build();
    }

    private static Map<String, Double> read(String value) {
        return OrcaReport.of(answer("endpoint-load-metrics", value)).metrics();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TEXT cpu_utilization=0.5, rps_fractional=100, eps=2, named_metrics.rif=4",
                "TEXT cpu_utilization:0.5,rps_fractional:100,eps:2,named_metrics.rif:4",
                "JSON {\"cpu_utilization\":0.5,\"rps_fractional\":100,\"eps\":2,\"named_metrics\":{\"rif\":4}}",
                "JSON {\"cpuUtilization\":0.5,\"rpsFractional\":1e2,\"eps\":\"2\",\"namedMetrics\":{\"rif\":4.0}}",
                "BIN " + BINARY,
                "BIN " + BINARY + "=="
            })
    void allFormsSayTheSame(String value) {
        assertEquals(TOLD, read(value));
    }

    @Test
    void theBinaryHeaderIsPreferred() {
        Response both = answer("endpoint-load-metrics-bin", BINARY)
                .newBuilder()
                .header("endpoint-load-metrics", "TEXT cpu_utilization=0.9")
                .build();
        assertEquals(TOLD, OrcaReport.of(both).metrics());
    }

    @Test
    void anUnknownFieldOfTheBinaryFormIsSkipped() {
        // field 15: varint 300; field 16: "abc"; field 17: fixed32; field 3: 7 requests; field 9: 0.5
        assertEquals(
                Map.of("rps", 7.0, "application_utilization", 0.5), read("BIN eKwCggEDYWJjjQEBAAAAGAdJAAAAAAAA4D8="));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TEXT cpu_utilization=0.5, cpu_utilization=0.6",
                "TEXT cpu_utilization=0.5, eps=NaN",
                "TEXT cpu_utilization=0.5, eps=-1",
                "TEXT cpu_utilization=0.5, eps=Infinity",
                "TEXT cpu_utilization=0.5, eps",
                "TEXT cpu_utilization=0.5, eps=x",
                "JSON {\"cpu_utilization\":0.5,\"cpuUtilization\":0.6}",
                "JSON {\"cpu_utilization\":true}",
                "JSON {\"cpu_utilization\":null}",
                "JSON 0.5",
                "JSON {",
                "BIN CQAAAAAAAOA",
                "BIN CQAAAAAAAOA/CQAAAAAAAOA/",
                "BIN Qv8=",
                "BIN %",
                "BIN ////////////////",
                "BIN CQAAAAAAAPB/",
                "XML <cpu/>",
                "",
                "0.5"
            })
    void oneBadMetricMakesTheWholeReportUnbelievable(String value) {
        assertEquals(Map.of(), read(value));
    }

    @Test
    void utilizationIsTheApplicationsOwnThenTheNamedOnesThenTheProcessors() {
        List<String> names = List.of("named_metrics.queue", "mem_utilization");
        assertEquals(
                0.7, utilization("application_utilization=0.7, named_metrics.queue=0.9, cpu_utilization=0.1", names));
        assertEquals(0.9, utilization("named_metrics.queue=0.9, mem_utilization=0.3, cpu_utilization=0.1", names));
        assertEquals(0.1, utilization("utilization.disk=0.9, cpu_utilization=0.1", names));
        assertEquals(0.1, utilization("named_metrics.queue=0.9, cpu_utilization=0.1", List.of()));
    }

    private static double utilization(String text, List<String> names) {
        return OrcaReport.of(answer("endpoint-load-metrics", "TEXT " + text))
                .toLoadReport(names, 0)
                .utilization();
    }

    @Test
    void ratesAreThoseOfAllClients() {
        OrcaReport report = OrcaReport.of(answer("endpoint-load-metrics-bin", BINARY));
        assertEquals(new LoadReport(0, 0.5, 100, 2, -1, -1, 17), report.toLoadReport(List.of(), 17));
    }
}
