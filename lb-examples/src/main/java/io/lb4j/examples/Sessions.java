package io.lb4j.examples;

import io.lb4j.Balancer;
import io.lb4j.Endpoint;
import io.lb4j.EndpointSource;
import io.lb4j.LoadBalancer;
import io.lb4j.SessionFallback;
import io.lb4j.StickinessPolicy;
import io.lb4j.balance.Balancers;
import io.lb4j.examples.server.LocalServer;
import io.lb4j.okhttp.BalancedClient;
import io.lb4j.okhttp.Service;
import io.lb4j.okhttp.sticky.LoadBalancerCookie;
import io.lb4j.okhttp.sticky.RouteCookie;
import io.lb4j.okhttp.sticky.SessionKeys;
import io.lb4j.okhttp.sticky.SessionTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Requests that belong together go to one server: by a cookie of ours, one of the application's, a header, or who the token says. */
public final class Sessions implements AutoCloseable {
    private final LocalServer a = LocalServer.start("a");
    private final LocalServer b = LocalServer.start("b");
    private final LocalServer c = LocalServer.start("c");
    private final PrintStream out;

    private Sessions(PrintStream out) throws IOException {
        this.out = out;
    }

    /** Shows who answers. */
    public static void main(String[] args) throws IOException {
        run(System.out);
    }

    static void run(PrintStream out) throws IOException {
        try (Sessions sessions = new Sessions(out)) {
            sessions.cookieOfOurs();
            sessions.cookieOfTheApplication();
            sessions.header();
            sessions.claimOfAToken();
        }
    }

    /** Kept in the client's cookie jar; a session whose server stops moves to another, and stays there. */
    private void cookieOfOurs() throws IOException {
        LoadBalancerCookie cookie = LoadBalancerCookie.builder("SERVERID").build();
        OkHttpClient withJar = new OkHttpClient.Builder().cookieJar(new Jar()).build();
        try (LoadBalancer shop = balancer(Balancers.first(), cookie)) {
            OkHttpClient client = client(withJar, Service.of(shop).withSessions(cookie));
            out.println("our cookie:         " + answers(client, request -> request));
            a.stop();
            out.println("its server stopped: " + answers(client, request -> request));
            a.start();
            out.println("and is back:        " + answers(client, request -> request));
        }
    }

    /** The application has put the route behind the session: what Apache httpd and Tomcat agree on. */
    private void cookieOfTheApplication() throws IOException {
        RouteCookie cookie = RouteCookie.of("JSESSIONID|jsessionid");
        try (LoadBalancer shop = balancer(Balancers.roundRobin(), cookie)) {
            OkHttpClient client = client(new OkHttpClient(), Service.of(shop).withSessions(cookie));
            out.println(
                    "JSESSIONID=5f3a.b:  " + answers(client, request -> request.header("Cookie", "JSESSIONID=5f3a.b")));
        }
    }

    /** Nobody sets a cookie: who belongs where is remembered here. */
    private void header() throws IOException {
        try (LoadBalancer shop = balancer(Balancers.roundRobin(), SessionTable.create())) {
            Service service = Service.of(shop).withSession(SessionKeys.header("X-Customer"));
            OkHttpClient client = client(new OkHttpClient(), service);
            out.println("customer 1:         " + answers(client, request -> request.header("X-Customer", "1")));
            out.println("customer 2:         " + answers(client, request -> request.header("X-Customer", "2")));
        }
    }

    /** The user belongs there, not the token: that is renewed every few minutes. It is not verified here, the servers do that. */
    private void claimOfAToken() throws IOException {
        try (LoadBalancer shop = balancer(Balancers.roundRobin(), SessionTable.create())) {
            Service service = Service.of(shop).withSession(SessionKeys.jwtClaim("sub"));
            OkHttpClient client = client(new OkHttpClient(), service);
            out.println("alice's token:      " + answers(client, request -> bearer(request, "alice", 1767225600)));
            out.println("and the next one:   " + answers(client, request -> bearer(request, "alice", 1767225900)));
            out.println("bob's token:        " + answers(client, request -> bearer(request, "bob", 1767225600)));
        }
    }

    private static Request.Builder bearer(Request.Builder request, String user, long expires) {
        String claims = "{\"sub\":\"" + user + "\",\"exp\":" + expires + "}";
        String encoded =
                Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return request.header("Authorization", "Bearer eyJhbGciOiJIUzI1NiJ9." + encoded + ".c2lnbmF0dXJl");
    }

    private LoadBalancer balancer(Balancer algorithm, StickinessPolicy stickiness) {
        EndpointSource servers = EndpointSource.of(endpoint("a", a), endpoint("b", b), endpoint("c", c));
        return LoadBalancer.builder("shop", servers, algorithm)
                .stickiness(stickiness, SessionFallback.REBIND)
                .build();
    }

    private static Endpoint endpoint(String route, LocalServer server) {
        return Endpoint.parse(server.address()).withId(route).withRoute(route);
    }

    private static OkHttpClient client(OkHttpClient client, Service service) {
        return BalancedClient.wrap(client).service(service).build();
    }

    private static String answers(OkHttpClient client, UnaryOperator<Request.Builder> change) throws IOException {
        StringBuilder answers = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            Request request =
                    change.apply(new Request.Builder().url("http://shop/cart")).build();
            try (Response response = client.newCall(request).execute()) {
                answers.append(response.body().string());
            }
        }
        return answers.toString();
    }

    /** Keeps all cookies of all hosts; use one that knows better, for instance OkHttp's {@code JavaNetCookieJar}. */
    private static final class Jar implements CookieJar {
        private final List<Cookie> kept = new CopyOnWriteArrayList<>();

        @Override
        public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
            for (Cookie cookie : cookies) {
                kept.removeIf(old -> old.name().equals(cookie.name()));
                kept.add(cookie);
            }
        }

        @Override
        public List<Cookie> loadForRequest(HttpUrl url) {
            return kept.stream().filter(cookie -> cookie.matches(url)).toList();
        }
    }

    @Override
    public void close() {
        a.close();
        b.close();
        c.close();
    }
}
