package io.lb4j.okhttp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Finds one endpoint under the host of the URL, by default the name of its service; every other name is left to the client's own Dns, so that redirects
 * to other hosts go there.
 *
 * <p>It is the only part of OkHttp's pool key that tells endpoints apart, so its equality names the whole endpoint, port
 * included: two endpoints never share a connection, and one endpoint always does. It names the service too: services that a
 * router serves under one host close the connections of their own endpoints, and of no others.
 */
final class EndpointDns implements Dns {
    private final String name;
    private final String service;
    private final String host;
    private final int port;
    private final Dns underlying;

    EndpointDns(String service, String host, int port, Dns underlying) {
        this(service, service, host, port, underlying);
    }

    EndpointDns(String name, String service, String host, int port, Dns underlying) {
        this.name = name;
        this.service = service;
        this.host = host;
        this.port = port;
        this.underlying = underlying;
    }

    /** The addresses found bear the host of the URL: this marks them for {@link EndpointAddress}. */
    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        if (!hostname.equals(name)) {
            return underlying.lookup(hostname);
        }
        List<InetAddress> found = new ArrayList<>();
        for (InetAddress address : underlying.lookup(host)) {
            found.add(named(address));
        }
        return found;
    }

    private InetAddress named(InetAddress address) throws UnknownHostException {
        return address instanceof Inet6Address six && six.getScopeId() != 0
                ? Inet6Address.getByAddress(name, six.getAddress(), six.getScopeId())
                : InetAddress.getByAddress(name, address.getAddress());
    }

    @Override
    public Dns.Call newCall(Dns.Request request) {
        return request.hostname().equals(name) ? Dns.super.newCall(request) : underlying.newCall(request);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointDns that
                && port == that.port
                && host.equals(that.host)
                && service.equals(that.service)
                && name.equals(that.name)
                && underlying.equals(that.underlying);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, service, host, port);
    }

    @Override
    public String toString() {
        return (name.equals(service) ? name : name + " -> " + service) + " -> " + host + ":" + port;
    }
}
