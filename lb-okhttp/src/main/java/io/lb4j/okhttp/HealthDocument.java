package io.lb4j.okhttp;

import io.lb4j.HealthProbe.Verdict;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in JSON: in the form of Spring Boot's Actuator, or in that of the draft
 * {@code application/health+json}. Immutable.
 */
final class HealthDocument {
    private static final Set<String> WELL = Set.of("up", "pass", "ok", "healthy", "unknown");
    private static final Set<String> DEGRADED = Set.of("degraded", "warn", "warning");
    private static final Set<String> BAD = Set.of("down", "fail", "error", "out_of_service", "unhealthy", "critical");
    /** Under which names the components are: Actuator since 2.2, the draft, Actuator before. */
    private static final List<String> PARTS = List.of("components", "checks", "details");

    private static final int SHOWN = 5;

    private final @Nullable String status;
    /** Those that are not well: "db DOWN". */
    private final List<String> ailing = new ArrayList<>();

    private HealthDocument(Json.Members document) {
        status = statusOf(document);
        collect(document, "");
    }

    /** Reads a document; one that is not JSON, or no object, is from somebody who is not well. */
    static HealthDocument read(String text) throws UnhealthyException {
        try {
            if (JsonReader.read(text) instanceof Json.Members document) {
                return new HealthDocument(document);
            }
        } catch (ParseException e) {
            throw new UnhealthyException("health document: " + e.getMessage());
        }
        throw new UnhealthyException("health document: no object");
    }

    /** Degraded also if the server as a whole says that it is well and one of its components does not. */
    Verdict verdict() throws UnhealthyException {
        if (status == null) {
            throw new UnhealthyException("health document: no \"status\" (expected: UP, DOWN, pass, warn, fail ...)");
        }
        String known = status.toLowerCase(Locale.ROOT);
        if (WELL.contains(known)) {
            return ailing.isEmpty() ? Verdict.PASS : Verdict.DEGRADED;
        } else if (DEGRADED.contains(known)) {
            return Verdict.DEGRADED;
        }
        throw new UnhealthyException(toString());
    }

    private void collect(Json.Members document, String path) {
        for (String part : PARTS) {
            if (document.values().get(part) instanceof Json.Members components) {
                for (Map.Entry<String, Json> each : components.values().entrySet()) {
                    examine(each.getValue(), path + each.getKey());
                }
            }
        }
    }

    /** The draft has a list of measurements for each component. */
    private void examine(Json component, String path) {
        if (component instanceof Json.Items list) {
            list.values().forEach(each -> examine(each, path));
        } else if (component instanceof Json.Members members) {
            String said = statusOf(members);
            String known = said == null ? "" : said.toLowerCase(Locale.ROOT);
            if (DEGRADED.contains(known) || BAD.contains(known)) {
                ailing.add(path + ' ' + said);
            }
            collect(members, path + '/');
        }
    }

    private static @Nullable String statusOf(Json.Members component) {
        return component.values().get("status") instanceof Json.Text text ? text.value() : null;
    }

    /** Returns the status, and which components are not well. */
    @Override
    public String toString() {
        String more = ailing.size() > SHOWN ? ", ... " + (ailing.size() - SHOWN) + " more" : "";
        return "status " + status
                + (ailing.isEmpty() ? "" : ": " + String.join(", ", ailing.subList(0, Math.min(SHOWN, ailing.size()))))
                + more;
    }
}
