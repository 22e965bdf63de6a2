package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class ClientAddressFuzzTest {
    private static final String LETTERS = "0123456789abcdefABCDEF:.[]%/ x";

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void whatIsAnAddressIsTheOneThatTheJdkReads(FuzzedDataProvider data) throws UnknownHostException {
        StringBuilder text = new StringBuilder();
        while (data.remainingBytes() > 0) {
            text.append(LETTERS.charAt(data.consumeInt(0, LETTERS.length() - 1)));
        }
        String literal = text.toString();
        String whole;
        try {
            whole = ClientAddress.whole(literal);
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertEquals(whole, ClientAddress.whole(whole), literal);
        assertEquals(ClientAddress.network(whole), ClientAddress.network(literal), literal);
        assertEquals(whole, ClientAddress.whole(InetAddress.getByName(whole)), literal);
    }
}
