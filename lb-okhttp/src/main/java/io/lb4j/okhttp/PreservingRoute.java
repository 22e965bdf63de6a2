package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.net.Proxy;
import java.util.Objects;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor.Chain;
import okhttp3.Request;

/** The URL keeps its host, which is the name of the service or of what a router answers for; only the sockets know better. */
final class PreservingRoute implements EndpointRoute {
    private final String host;
    private final Dns underlyingDns;
    private final SocketFactory underlyingSockets;
    private final Endpoint endpoint;
    private final EndpointDns dns;
    private final EndpointSocketFactory sockets;

    PreservingRoute(String host, String service, Endpoint endpoint, Chain chain, EndpointSockets open) {
        this.host = host;
        this.underlyingDns = chain.getDns();
        this.underlyingSockets = chain.getSocketFactory();
        this.endpoint = endpoint;
        this.dns = new EndpointDns(host, service, endpoint.host(), endpoint.port(), underlyingDns);
        this.sockets = new EndpointSocketFactory(new EndpointAddress(host, endpoint.port()), underlyingSockets, open);
    }

    @Override
    public boolean leadsTo(Endpoint wanted, Chain chain) {
        return endpoint.port() == wanted.port()
                && endpoint.host().equals(wanted.host())
                && Objects.equals(endpoint.scheme(), wanted.scheme())
                && underlyingDns.equals(chain.getDns())
                && underlyingSockets.equals(chain.getSocketFactory());
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public Dns dns() {
        return dns;
    }

    @Override
    public Chain apply(Chain chain) {
        return chain.withProxy(Proxy.NO_PROXY).withDns(dns).withSocketFactory(sockets);
    }

    @Override
    public Request outgoing(Request request) throws IOException {
        HttpUrl url = request.url();
        String scheme = EndpointScheme.of(url, endpoint);
        return scheme.equals(url.scheme())
                ? request
                : request.newBuilder()
                        .url(url.newBuilder().scheme(scheme).build())
                        .build();
    }
}
