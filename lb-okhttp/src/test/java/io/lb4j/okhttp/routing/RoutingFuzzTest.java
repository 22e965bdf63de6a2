package io.lb4j.okhttp.routing;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/** No request makes a rule throw, or find another thing than an obvious implementation does. */
@Tag("fuzz")
class RoutingFuzzTest {
    private static final RoutingOracle ORACLE = new RoutingOracle();

    private static String text(FuzzedDataProvider data, String[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = data.consumeInt(0, 12); i > 0; i--) {
            text.append(data.consumeBoolean() ? pieces[data.consumeInt(0, pieces.length - 1)] : data.consumeString(3));
        }
        return text.toString();
    }

    @FuzzTest(maxExecutions = 1_000_000, maxDuration = "1h")
    void rulesFindWhatAnObviousImplementationFinds(FuzzedDataProvider data) {
        String path = text(data, RoutingOracle.PATHS);
        String query = text(data, RoutingOracle.QUERIES);
        String header = text(data, RoutingOracle.COOKIES);
        String cookies = text(data, RoutingOracle.COOKIES);
        byte[] client = data.consumeBytes(data.pickValue(new int[] {0, 4, 16}));
        String ignored = ORACLE.check(path, query, header, cookies, client);
    }
}
