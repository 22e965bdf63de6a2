package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;

class EndpointDnsTest {
    private static final EndpointDns DNS = new EndpointDns("orders", "127.0.0.1", 8080, Dns.SYSTEM);

    @Test
    void sameEndpointOfTheSameServiceIsEqual() {
        EndpointDns same = new EndpointDns("orders", "127.0.0.1", 8080, Dns.SYSTEM);
        assertEquals(DNS, same);
        assertEquals(DNS.hashCode(), same.hashCode());
    }

    @Test
    void anyOtherPartMakesItAnotherRoute() {
        assertNotEquals(DNS, new EndpointDns("users", "127.0.0.1", 8080, Dns.SYSTEM));
        assertNotEquals(DNS, new EndpointDns("orders", "127.0.0.2", 8080, Dns.SYSTEM));
        assertNotEquals(DNS, new EndpointDns("orders", "127.0.0.1", 8081, Dns.SYSTEM));
        assertNotEquals(DNS, new EndpointDns("orders", "127.0.0.1", 8080, hostname -> List.of()));
        assertNotEquals(DNS, Dns.SYSTEM);
    }

    /** Else one of them would close connections that the other is using, when the endpoint leaves it. */
    @Test
    void servicesUnderTheHostOfARouterAreToldApart() throws UnknownHostException {
        EndpointDns orders = new EndpointDns("shop", "orders", "127.0.0.1", 8080, Dns.SYSTEM);
        assertEquals(orders, new EndpointDns("shop", "orders", "127.0.0.1", 8080, Dns.SYSTEM));
        assertNotEquals(orders, new EndpointDns("shop", "users", "127.0.0.1", 8080, Dns.SYSTEM));
        assertNotEquals(orders, DNS);
        assertEquals("shop/127.0.0.1", orders.lookup("shop").get(0).toString());
    }

    @Test
    void addressesBearTheNameOfTheService() throws UnknownHostException {
        assertEquals("orders/127.0.0.1", DNS.lookup("orders").get(0).toString());
        EndpointDns six = new EndpointDns("orders", "::1", 8080, Dns.SYSTEM);
        assertEquals("orders/0:0:0:0:0:0:0:1", six.lookup("orders").get(0).toString());
    }

    @Test
    void scopeOfALinkLocalAddressIsKept() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();
        Dns scoped = hostname -> List.of(Inet6Address.getByAddress(hostname, bytes, 7));
        InetAddress found = new EndpointDns("orders", "fe80::1", 80, scoped)
                .lookup("orders")
                .get(0);
        assertEquals(7, ((Inet6Address) found).getScopeId());
    }

    @Test
    void otherNamesAreLeftToTheClient() throws UnknownHostException {
        Dns other = hostname -> List.of(InetAddress.getByName("127.0.0.9"));
        EndpointDns dns = new EndpointDns("orders", "127.0.0.1", 80, other);
        assertEquals("127.0.0.9", dns.lookup("elsewhere").get(0).getHostAddress());
    }
}
