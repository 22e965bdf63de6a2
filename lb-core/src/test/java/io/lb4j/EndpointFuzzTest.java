package io.lb4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class EndpointFuzzTest {
    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void anAddressIsReadAsItIsWrittenOrRefused(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        Endpoint endpoint;
        try {
            endpoint = Endpoint.parse(text);
        } catch (IllegalArgumentException refused) {
            assertTrue(String.valueOf(refused.getMessage()).contains("(expected: "), refused::getMessage);
            return;
        }
        assertEquals(endpoint.id(), EndpointText.format(endpoint.host(), endpoint.port()));
        Endpoint again = Endpoint.parse(endpoint.scheme() + "://" + endpoint.id());
        assertEquals(endpoint.host(), again.host());
        assertEquals(endpoint.port(), again.port());
    }
}
