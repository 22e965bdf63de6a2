package io.lb4j.okhttp.routing;

import okhttp3.HttpUrl;
import okhttp3.MediaType;

/** The usual actions: to a service, to several by weight, a fixed answer, a redirect, a rejection. */
public final class Actions {
    private Actions() {}

    /**
     * Returns what sends requests to a service.
     *
     * @param service its name
     * @return an action that can be given more to do
     */
    public static Forward to(String service) {
        return to(service, 1);
    }

    /**
     * Returns what sends requests to several services by weight: {@code to("orders", 95).and("orders-canary", 5)}.
     *
     * @param service the name of the first
     * @param weight at least 0, finite
     * @return an action that can be given more services
     */
    public static Forward to(String service, double weight) {
        return Forward.to(service, weight);
    }

    /**
     * Returns what answers with a status and no body.
     *
     * @param status 200 to 599
     * @return the action
     */
    public static Action respond(int status) {
        return new Answer(Checks.range("status", status, 200, 599), null, "", null);
    }

    /**
     * Returns what gives a fixed answer.
     *
     * @param status 200 to 599
     * @param mediaType for instance {@code application/json}
     * @param body the body, in UTF-8 unless the media type says otherwise
     * @return the action
     */
    public static Action respond(int status, String mediaType, String body) {
        MediaType type = MediaType.parse(Checks.notNull("media type", mediaType));
        if (type == null) {
            throw Checks.bad("media type", mediaType, "for instance \"text/plain\"");
        }
        Checks.range("status", status, 200, 599);
        return new Answer(status, type, Checks.notNull("body", body), null);
    }

    /**
     * Returns what redirects to one place. The redirect is followed as if a server had sent it, unless the client follows none.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param location a URL, or a path on the same host
     * @return the action
     */
    public static Action redirect(int status, String location) {
        boolean path = Checks.notNull("location", location).startsWith("/");
        if (!path && HttpUrl.parse(location) == null) {
            throw Checks.bad("location", location, "an http or https URL, or a path that begins with a slash");
        }
        return new Answer(redirecting(status), null, "", call -> location);
    }

    /**
     * Returns what redirects to the same URL with another beginning of its path. A request that has another path is redirected to where it
     * is, so let the rule match the prefix.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param prefix for instance {@code /old}
     * @param replacement for instance {@code /new}
     * @return the action
     */
    public static Action redirectPrefix(int status, String prefix, String replacement) {
        PathChange change = PathChange.prefix(prefix, replacement);
        return new Answer(
                redirecting(status), null, "", call -> change.changed(call).toString());
    }

    private static int redirecting(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> status;
            default -> throw Checks.bad("status", status, "301, 302, 303, 307 or 308");
        };
    }

    /**
     * Returns what fails the call with a {@link RoutingException}; {@code respond(403)} gives the caller an answer instead.
     *
     * @param reason is in the message of the exception
     * @return the action
     */
    public static Action reject(String reason) {
        return new Rejection(Checks.notBlank("reason", reason));
    }
}
