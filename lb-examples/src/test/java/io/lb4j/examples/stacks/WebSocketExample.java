package io.lb4j.examples.stacks;

import io.lb4j.LoadBalancer;
import io.lb4j.okhttp.BalancedClient;
import java.time.Duration;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** A WebSocket over a balanced client: in flight until both sides have closed it, so that least requests spreads open ones. */
final class WebSocketExample implements AutoCloseable {
    private final OkHttpClient client;
    private final Request room;

    WebSocketExample(LoadBalancer service) {
        OkHttpClient pinging = new OkHttpClient.Builder()
                .pingInterval(Duration.ofSeconds(20)) // ends what a server or a firewall has dropped without a word
                .build();
        client = BalancedClient.wrap(pinging).service(service).build();
        room = new Request.Builder().url("http://" + service.name() + "/room").build();
    }

    /** Opens one; what comes is handed to the listener. */
    WebSocket enter(Consumer<String> heard) {
        return client.newWebSocket(room, new WebSocketListener() {
            @Override
            public void onMessage(WebSocket socket, String text) {
                heard.accept(text);
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
                boolean ignored = socket.close(code, null); // else it stays half open, and in flight
            }

            @Override
            public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
                heard.accept("failed: " + failure); // open another one: it goes to a server that runs
            }
        });
    }

    /** To be called when all are closed; else OkHttp's threads keep the process for a minute. */
    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
