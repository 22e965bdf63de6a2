package io.lb4j.examples;

import static io.lb4j.okhttp.routing.Actions.to;
import static io.lb4j.okhttp.routing.Conditions.path;
import static io.lb4j.okhttp.routing.Conditions.pathPrefix;

import com.sun.net.httpserver.HttpExchange;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.InboundRequest;
import io.lb4j.okhttp.RequestHeaders;
import io.lb4j.okhttp.Service;
import io.lb4j.okhttp.Timeouts;
import io.lb4j.okhttp.routing.Router;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A gateway: tells the servers whom it asks for, and waits for them as the service, the route or the user says. */
public final class Gateway implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private static final RequestHeaders TOLD = RequestHeaders.none()
            .replacingForwarded() // nobody is before this gateway, so what comes in is the user's own word
            .withForwardedBy("_edge-1")
            .withXForwarded()
            .withRequestId("X-Request-Id")
            .withAttemptNumber("X-Attempt");

    /** Tells the user which server it was; for debugging. */
    private static final String NODE = "X-Served-By";

    private static final List<String> SHOWN = List.of(
            "X-Attempt", "X-Request-Id", "Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host");

    /** Those of one connection (RFC 9110, section 7.6.1), and those that are set anew. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection",
            "content-length",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
            "upgrade");

    /** How many seconds a user would wait: RFC 7240, section 4.3. */
    private static final Pattern WAIT = Pattern.compile("wait=([1-9]|[1-5][0-9])");

    private final PrintStream out;
    // Server a is there to refuse, so that the second attempt goes to b.
    private final LocalServer a = LocalServer.start("a", exchange -> show("a", 503, exchange));
    private final LocalServer b = LocalServer.start("b", exchange -> show("b", 200, exchange));
    private final LocalServer slow = LocalServer.start("slow", 4, Gateway::report);
    private final LocalServer gateway = LocalServer.start("gateway", this::pass);
    private final LoadBalancer orders = balancer("orders", endpoint("a", a), endpoint("b", b));
    private final LoadBalancer reports = balancer("reports", endpoint("slow", slow));
    private final OkHttpClient client = BalancedClient.wrap(
                    new OkHttpClient.Builder().followRedirects(false).build())
            .service(Service.of(orders).withRequestHeaders(TOLD).withNodeHeader(NODE))
            .service(Service.of(reports)
                    .withTimeouts(read(Duration.ofMillis(100)))
                    .withNodeHeader(NODE))
            .router(Router.builder("gateway")
                    .rule("yearly", path("/reports/yearly"), to("reports").withTimeouts(read(Duration.ofSeconds(10))))
                    .rule("reports", pathPrefix("/reports"), to("reports"))
                    .otherwise(to("orders"))
                    .build())
            .build();

    private Gateway(PrintStream out) throws IOException {
        this.out = out;
    }

    /** Shows what the servers were told, and what the user of the gateway gets. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (Gateway gateway = new Gateway(out)) {
            OkHttpClient user = new OkHttpClient();
            gateway.get(user, "/orders/7", "X-Request-Id", "4711", "X-Forwarded-For", "6.6.6.6");
            gateway.get(user, "/reports/daily");
            gateway.get(user, "/reports/yearly");
            gateway.get(user, "/reports/daily", "Prefer", "wait=10");
            user.connectionPool().evictAll();
        }
    }

    private void get(OkHttpClient user, String path, String... namesAndValues) throws IOException {
        Request request = new Request.Builder()
                .url("http://" + gateway.address() + path)
                .headers(Headers.of(namesAndValues))
                .header("Host", "shop.example")
                .build();
        try (Response response = user.newCall(request).execute()) {
            String asked = (path + " " + String.join(" ", namesAndValues)).strip();
            out.println(asked + ": " + response.code() + ", " + NODE + " " + response.header(NODE));
        }
    }

    // ------------------------------------------------------------------------------------------ the gateway

    private void pass(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 405, NOTHING);
            return;
        }
        Request request;
        try {
            request = request(exchange);
        } catch (IllegalArgumentException e) { // no path, or no host
            answer(exchange, 400, NOTHING);
            return;
        }
        try (Response response = client.newCall(request).execute()) {
            byte[] body = response.body().bytes();
            response.headers().names().stream()
                    .filter(Gateway::isPassedOn)
                    .forEach(name -> exchange.getResponseHeaders().put(name, response.headers(name)));
            answer(exchange, response.code(), body);
        } catch (SocketTimeoutException e) {
            answer(exchange, 504, NOTHING);
        } catch (IOException e) {
            answer(exchange, 502, NOTHING);
        }
    }

    private static Request request(HttpExchange exchange) {
        URI uri = exchange.getRequestURI();
        HttpUrl url = new HttpUrl.Builder()
                .scheme("http")
                .host("gateway") // the router's
                .encodedPath(Objects.requireNonNullElse(uri.getRawPath(), ""))
                .encodedQuery(uri.getRawQuery())
                .build();
        InboundRequest inbound = InboundRequest.from(exchange.getRemoteAddress().getAddress())
                .withScheme("http")
                .withHost(header(exchange, "Host"));
        Request.Builder request = new Request.Builder().url(url).tag(InboundRequest.class, inbound);
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isPassedOn(name)) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        return request.tag(Timeouts.class, ofTheCall(exchange)).build();
    }

    /** The user's own wish goes before the route's time, and that before the service's. */
    private static @Nullable Timeouts ofTheCall(HttpExchange exchange) {
        Matcher wait = WAIT.matcher(header(exchange, "Prefer"));
        return wait.matches() ? read(Duration.ofSeconds(Integer.parseInt(wait.group(1)))) : null;
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static boolean isPassedOn(String header) {
        return !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT));
    }

    private static Timeouts read(Duration time) {
        return Timeouts.none().withRead(time);
    }

    private static LoadBalancer balancer(String name, Endpoint... endpoints) {
        return LoadBalancer.builder(name, EndpointSource.of(endpoints), Balancers.first())
                .build();
    }

    // ------------------------------------------------------------------------------------------ the servers

    private void show(String name, int status, HttpExchange exchange) throws IOException {
        List<String> told =
                SHOWN.stream().map(each -> each + " " + header(exchange, each)).toList();
        out.println(name + " was told " + String.join(", ", told));
        answer(exchange, status, NOTHING);
    }

    private static int report(URI uri) throws InterruptedException {
        Thread.sleep(1_000);
        return 200;
    }

    private static Endpoint endpoint(String id, LocalServer server) {
        return Endpoint.parse(server.address()).withId(id);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        gateway.close();
        client.connectionPool().evictAll();
        orders.close();
        reports.close();
        a.close();
        b.close();
        slow.close();
    }
}
