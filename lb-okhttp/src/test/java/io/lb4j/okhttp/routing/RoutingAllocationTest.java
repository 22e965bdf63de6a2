package io.lb4j.okhttp.routing;

import static io.lb4j.okhttp.routing.Actions.to;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lb4j.okhttp.CallCookies;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import okhttp3.CookieJar;
import okhttp3.Request;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes per decision, counted by the JVM for this thread. */
@Tag("allocation")
class RoutingAllocationTest {
    private static final int DECISIONS = 20_000;
    private static final int WARM_UPS = 3;
    private static final int OBJECTS_OF_A_DECISION = 256;

    private static Router rules(int count) {
        Router.Builder builder = Router.builder("shop");
        for (int i = 0; i < count; i++) {
            builder.rule("path " + i, Conditions.pathPrefix("/p" + i), to("s"))
                    .rule("glob " + i, Conditions.pathGlob("/**/g" + i + "*/x"), to("s"))
                    .rule("template " + i, Conditions.pathTemplate("/t" + i + "/{id}/y"), to("s"))
                    .rule("header " + i, Conditions.header("X-" + i, "v").and(Conditions.method("GET")), to("s"))
                    .rule("query " + i, Conditions.query("q" + i), to("s"));
        }
        return builder.otherwise(to("a", 9).and("b", 1).withKey(Keys.header("X-User")))
                .build();
    }

    private static double bytesPerDecision(Router router) throws IOException {
        Request request = Requests.to("/some/path/with/segments?a=b&c=d")
                .header("X-User", "user-1")
                .build();
        CallCookies cookies = CallCookies.of(request, CookieJar.NO_COOKIES);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = 0;
        for (int run = 0; run <= WARM_UPS; run++) {
            before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < DECISIONS; i++) {
                assertEquals("otherwise", router.route(request, cookies, i).rule());
            }
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / (double) DECISIONS;
    }

    /** How much exactly is up to the JIT compiler. */
    @Test
    void rulesThatDoNotMatchAllocateNothing() throws IOException {
        for (int count : new int[] {1, 20}) {
            double bytes = bytesPerDecision(rules(count));
            assertTrue(bytes > 50 && bytes < OBJECTS_OF_A_DECISION, bytes + " bytes, " + 5 * count + " rules");
        }
    }
}
