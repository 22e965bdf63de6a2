package io.lb4j.okhttp.routing;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** No request makes a rule throw, or find another thing than an obvious implementation does. */
@Tag("fuzz")
class RoutingFuzzTest {
    private static final RoutingOracle ORACLE = new RoutingOracle();
    private static final int LONGEST = 64;

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void rulesFindWhatAnObviousImplementationFinds(FuzzedDataProvider data) {
        byte[] client = data.consumeBytes(data.pickValue(new int[] {0, 4, 16}));
        String query = data.consumeString(LONGEST);
        String header = data.consumeString(LONGEST);
        String cookies = data.consumeString(LONGEST);
        String ignored = ORACLE.check(data.consumeRemainingAsString(), query, header, cookies, client);
    }
}
