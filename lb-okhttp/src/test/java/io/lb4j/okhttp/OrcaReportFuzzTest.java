package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import okio.ByteString;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class OrcaReportFuzzTest {
    private static final String[] FORMS = {"TEXT ", "JSON ", "BIN ", ""};

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void whateverTheHeaderSaysTheReportIsOneOrNone(FuzzedDataProvider data) {
        String form = FORMS[data.consumeInt(0, FORMS.length - 1)];
        String value = form.equals("BIN ")
                ? ByteString.of(data.consumeRemainingAsBytes()).base64()
                : data.consumeRemainingAsAsciiString().replaceAll("[^ -~]", "");
        OrcaReport report = OrcaReport.of(OrcaReportTest.answer(OrcaReport.HEADER, form + value));
        assertTrue(report.metrics().values().stream().allMatch(each -> each >= 0 && each < Double.POSITIVE_INFINITY));
        assertTrue(report.toLoadReport(List.of("named_metrics.a"), 0).utilization() >= 0);
    }
}
