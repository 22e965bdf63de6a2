package io.lb4j.okhttp.sticky;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.NodeSet;
import io.lb4j.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionTableTest {
    private final VirtualTime time = new VirtualTime();
    private final NodeSet nodes = Calls.nodes("a", "b");
    private final SessionTable table = SessionTable.builder()
            .idle(Duration.ofMinutes(10))
            .lifetime(Duration.ofHours(1))
            .ticker(time)
            .build();

    private void assertBoundTo(int node, String session) {
        assertSame(nodes.get(node), table.lookup(session, nodes, 0));
    }

    @Test
    void eachRequestKeepsASessionButNotLongerThanItsLifetime() {
        table.bind("s", nodes.get(1), 0);
        for (int i = 0; i < 6; i++) {
            time.advance(Duration.ofMinutes(9));
            assertBoundTo(1, "s");
            table.bind("s", nodes.get(1), 0);
        }
        time.advance(Duration.ofMinutes(7)); // 61 minutes in all
        assertNull(table.lookup("s", nodes, 0));
    }

    @Test
    void anIdleSessionIsDropped() {
        table.bind("s", nodes.get(1), 0);
        time.advance(Duration.ofMinutes(10));
        assertNull(table.lookup("s", nodes, 0));
    }

    @Test
    void aSessionThatMovesBeginsANewLifetime() {
        table.bind("s", nodes.get(1), 0);
        for (int i = 0; i < 6; i++) {
            time.advance(Duration.ofMinutes(9));
            assertBoundTo(1, "s");
        }
        table.bind("s", nodes.get(0), 0);
        time.advance(Duration.ofMinutes(9));
        assertBoundTo(0, "s");
    }

    @Test
    void theTableIsBounded() {
        SessionTable small = SessionTable.builder().maxSessions(100).build();
        for (int i = 0; i < 10_000; i++) {
            small.bind("s" + i, nodes.get(0), 0);
        }
        assertTrue(small.size() <= 100, () -> "size " + small.size());
    }

    @Test
    void aNodeThatLeavesTakesItsBindingsAlong() {
        table.bind("s", nodes.get(0), 0);
        table.bind("t", nodes.get(1), 0);
        table.forget(nodes.get(0));
        assertNull(table.lookup("s", nodes, 0));
        assertBoundTo(1, "t");
        assertEquals(1, table.size());
    }

    @Test
    void aNewNodeWithTheSameIdIsAnother() {
        table.bind("s", nodes.get(0), 0);
        assertNull(table.lookup("s", Calls.nodes("a", "b"), 0));
    }

    @Test
    void longSessionsAreToldApart() {
        String prefix = "x".repeat(10_000);
        table.bind(prefix + 1, nodes.get(0), 0);
        table.bind(prefix + 2, nodes.get(1), 0);
        assertBoundTo(0, prefix + 1);
        assertBoundTo(1, prefix + 2);
        table.remove(prefix + 1);
        assertNull(table.lookup(prefix + 1, nodes, 0));
    }

    @Test
    void badSettingsAreRefused() {
        SessionTable.Builder builder = SessionTable.builder();
        assertEquals(
                "maxSessions: 0 (expected: >= 1)",
                assertThrows(IllegalArgumentException.class, () -> builder.maxSessions(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> builder.idle(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> builder.lifetime(Duration.ofSeconds(-1)));
    }
}
