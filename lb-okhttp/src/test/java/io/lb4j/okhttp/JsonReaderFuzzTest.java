package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.text.ParseException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;

/** Any text is either refused with the exception declared, or read into a value that reads the same when written again. */
@Tag("fuzz")
class JsonReaderFuzzTest {
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void readsOrRefuses(FuzzedDataProvider data) throws ParseException {
        String text = data.consumeRemainingAsString();
        Json value;
        try {
            value = JsonReader.read(text);
        } catch (ParseException refused) {
            return;
        }
        assertEquals(value, JsonReader.read(written(value)));
        try {
            Object ignored = HealthDocument.read(text).verdict();
        } catch (UnhealthyException refused) {
            // the one exception that a probe may see
        }
    }

    private static String written(Json value) {
        if (value instanceof Json.Members members) {
            return members.values().entrySet().stream()
                    .map(each -> quoted(each.getKey()) + ':' + written(each.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        } else if (value instanceof Json.Items items) {
            return items.values().stream().map(JsonReaderFuzzTest::written).collect(Collectors.joining(",", "[", "]"));
        } else if (value instanceof Json.Text string) {
            return quoted(string.value());
        }
        return ((Json.Literal) value).spelling();
    }

    private static String quoted(String text) {
        return text.chars().mapToObj(c -> String.format("\\u%04x", c)).collect(Collectors.joining("", "\"", "\""));
    }
}
