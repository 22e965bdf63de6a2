package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lb4j.HealthProbe.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthDocumentTest {
    @ParameterizedTest
    @CsvSource({
        "UP, PASS",
        "pass, PASS",
        "ok, PASS",
        "UNKNOWN, PASS",
        "Healthy, PASS",
        "warn, DEGRADED",
        "DEGRADED, DEGRADED",
        "Warning, DEGRADED"
    })
    void theStatusAloneDecides(String status, Verdict verdict) throws Exception {
        assertEquals(
                verdict, HealthDocument.read("{\"status\":\"" + status + "\"}").verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOWN", "OUT_OF_SERVICE", "fail", "error", "FROBNICATED", ""})
    void anyOtherStatusIsNotWell(String status) throws Exception {
        HealthDocument document = HealthDocument.read("{\"status\":\"" + status + "\"}");
        UnhealthyException failure = assertThrows(UnhealthyException.class, document::verdict);
        assertEquals("status " + status, failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"status\":\"UP\",\"components\":{\"db\":{\"status\":\"UP\"},\"mq\":{\"status\":\"UP\"}}} | PASS",
                "{\"status\":\"UP\",\"components\":{\"db\":{\"status\":\"UP\"},\"mq\":{\"status\":\"DOWN\"}}} | DEGRADED",
                "{\"status\":\"UP\",\"components\":{\"db\":{\"components\":{\"r1\":{\"status\":\"warn\"}}}}} | DEGRADED",
                "{\"status\":\"UP\",\"details\":{\"disk\":{\"status\":\"DOWN\"}}} | DEGRADED",
                "{\"status\":\"UP\",\"details\":{\"disk\":{\"details\":{\"status\":7,\"free\":1.5e3}}}} | PASS",
                "{\"status\":\"UP\",\"groups\":[\"liveness\",\"readiness\"]} | PASS",
                "{\"status\":\"pass\",\"checks\":{\"cpu:utilization\":[{\"status\":\"pass\"},{\"status\":\"warn\"}]}} |"
                        + " DEGRADED",
                "{\"status\":\"pass\",\"checks\":{\"uptime\":[{\"observedValue\":120.2}]},\"notes\":[\"\"]} | PASS",
                "{\"status\":\"warn\",\"checks\":{\"cpu\":[{\"status\":\"fail\"}]}} | DEGRADED"
            })
    void componentsThatAreNotWellDegrade(String text, Verdict verdict) throws Exception {
        assertEquals(verdict, HealthDocument.read(text).verdict());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"status\":\"DOWN\",\"components\":{\"db\":{\"status\":\"DOWN\"},\"mq\":{\"status\":\"UP\"}}}"
                        + " | status DOWN: db DOWN",
                "{\"status\":\"DOWN\",\"components\":{\"db\":{\"components\":{\"r1\":{\"status\":\"DOWN\"}}}}}"
                        + " | status DOWN: db/r1 DOWN",
                "{\"status\":\"fail\",\"checks\":{\"a\":{\"status\":\"fail\"},\"b\":{\"status\":\"fail\"},"
                        + "\"c\":{\"status\":\"fail\"},\"d\":{\"status\":\"fail\"},\"e\":{\"status\":\"fail\"},"
                        + "\"f\":{\"status\":\"warn\"}}} | status fail: a fail, b fail, c fail, d fail, e fail, ... 1 more",
                "{\"health\":\"UP\"} | health document: no \"status\" (expected: UP, DOWN, pass, warn, fail ...)",
                "{\"status\":1} | health document: no \"status\" (expected: UP, DOWN, pass, warn, fail ...)",
                "[] | health document: no object",
                "{\"status\":\"UP\" | health document: not JSON at character 14 (expected: more)"
            })
    void theReasonNamesWhatIsNotWell(String text, String reason) {
        UnhealthyException failure = assertThrows(
                UnhealthyException.class, () -> HealthDocument.read(text).verdict());
        assertEquals(reason, failure.getMessage());
    }
}
