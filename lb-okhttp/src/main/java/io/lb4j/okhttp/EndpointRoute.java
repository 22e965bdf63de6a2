package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.net.Proxy;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.Interceptor.Chain;

/** How OkHttp is steered to one endpoint while the URL keeps the name of the service. Immutable. */
final class EndpointRoute {
    private final Dns underlyingDns;
    private final SocketFactory underlyingSockets;
    private final Endpoint endpoint;
    private final EndpointDns dns;
    private final EndpointSocketFactory sockets;

    EndpointRoute(String service, Endpoint endpoint, Chain chain) {
        this.underlyingDns = chain.getDns();
        this.underlyingSockets = chain.getSocketFactory();
        this.endpoint = endpoint;
        this.dns = new EndpointDns(service, endpoint.host(), endpoint.port(), underlyingDns);
        this.sockets = new EndpointSocketFactory(new EndpointAddress(service, endpoint.port()), underlyingSockets);
    }

    /** Whether this is still the way to {@code wanted}, for a chain with the same means. */
    boolean leadsTo(Endpoint wanted, Chain chain) {
        return isSame(wanted)
                && underlyingDns.equals(chain.getDns())
                && underlyingSockets.equals(chain.getSocketFactory());
    }

    private boolean isSame(Endpoint wanted) {
        return endpoint.port() == wanted.port() && endpoint.host().equals(wanted.host());
    }

    EndpointDns dns() {
        return dns;
    }

    Chain apply(Chain chain) {
        return chain.withProxy(Proxy.NO_PROXY).withDns(dns).withSocketFactory(sockets);
    }

    /** Shortens the connect timeout; 0 is none at all. */
    static Chain connectWithin(int millis, Chain chain) {
        int configured = chain.connectTimeoutMillis();
        return configured != 0 && configured <= millis
                ? chain
                : chain.withConnectTimeout(millis, TimeUnit.MILLISECONDS);
    }
}
