package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.util.Objects;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;
import okhttp3.Response;

/** The URL becomes the endpoint's own; the caller sees the host again that it has asked for. */
final class RewritingRoute implements EndpointRoute {
    private final String asked;
    private final Dns dns;
    private final SocketFactory underlyingSockets;
    private final Endpoint endpoint;
    private final EndpointSocketFactory sockets;

    RewritingRoute(String asked, Endpoint endpoint, Chain chain, EndpointSockets open) {
        this.asked = asked;
        this.dns = chain.getDns();
        this.underlyingSockets = chain.getSocketFactory();
        this.endpoint = endpoint;
        this.sockets = new EndpointSocketFactory(EndpointAddress.AS_GIVEN, underlyingSockets, open);
    }

    @Override
    public boolean leadsTo(Endpoint wanted, Chain chain) {
        return endpoint.port() == wanted.port()
                && endpoint.host().equals(wanted.host())
                && Objects.equals(endpoint.scheme(), wanted.scheme())
                && dns.equals(chain.getDns())
                && underlyingSockets.equals(chain.getSocketFactory());
    }

    @Override
    public String host() {
        return endpoint.host();
    }

    /** That of the client: OkHttp tells the endpoints apart by their URLs. */
    @Override
    public Dns dns() {
        return dns;
    }

    @Override
    public Chain apply(Chain chain) {
        return chain.withSocketFactory(sockets);
    }

    @Override
    public Request outgoing(Request request) throws IOException {
        HttpUrl url = request.url()
                .newBuilder()
                .scheme(EndpointScheme.of(request.url(), endpoint))
                .host(endpoint.host())
                .port(endpoint.port())
                .build();
        return request.newBuilder().url(url).build();
    }

    @Override
    public Response incoming(Response response) {
        Request request = response.request();
        HttpUrl url = request.url();
        if (!url.host().equals(endpoint.host()) || url.port() != endpoint.port()) {
            return response; // a redirect has led elsewhere
        }
        HttpUrl logical = url.newBuilder()
                .host(asked)
                .port(HttpUrl.defaultPort(url.scheme()))
                .build();
        return response.newBuilder()
                .request(request.newBuilder().url(logical).build())
                .build();
    }
}
