package io.lb4j.okhttp.routing;

import io.lb4j.hash.ClientAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What decides which variant a request gets, so that the same user always gets the same: for {@link Forward#withKey} and
 * {@link Conditions#fraction(double, Function)}. Each gives null if the request has no such key.
 */
public final class Keys {
    private Keys() {}

    /**
     * Returns the value of a cookie.
     *
     * @param name the name, case-sensitive
     * @return gives the first value: that of the client's jar, else that of the request's header
     */
    public static Function<RoutingContext, @Nullable String> cookie(String name) {
        Checks.token("name of the cookie", name);
        return call -> {
            List<String> values = call.cookies().values(name);
            return values.isEmpty() ? null : values.get(0);
        };
    }

    /**
     * Returns the value of a header.
     *
     * @param name the name, in any case
     * @return gives the last value
     */
    public static Function<RoutingContext, @Nullable String> header(String name) {
        Checks.token("name of the header", name);
        return call -> call.request().header(name);
    }

    /**
     * Returns the value of a query parameter.
     *
     * @param name the name, decoded, case-sensitive
     * @return gives the first value, decoded
     */
    public static Function<RoutingContext, @Nullable String> query(String name) {
        Checks.notBlank("name of the parameter", name);
        return call -> call.request().url().queryParameter(name);
    }

    /**
     * Returns the address of the client on whose behalf the request is made.
     *
     * @return gives it as {@link Router.Builder#clientAddress} knows it
     */
    public static Function<RoutingContext, @Nullable String> clientAddress() {
        return call -> {
            byte[] client = call.client();
            return client.length == 0 ? null : text(client);
        };
    }

    private static String text(byte[] address) {
        try {
            return ClientAddress.whole(InetAddress.getByAddress(address));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
