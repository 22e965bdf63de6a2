package io.lb4j.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9, 203.0.113.0/24",
        "255.255.255.255, 255.255.255.255, 255.255.255.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
        "2001:0DB8::0001, 2001:db8::1, 2001:db8::/64",
        "[2001:db8::1], 2001:db8::1, 2001:db8::/64",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, 2001:db8::/64",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1, 2001:0:0:1::/64",
        "1:2:3:0:5:6:7:8, 1:2:3:0:5:6:7:8, 1:2:3::/64",
        "1::, 1::, 1::/64",
        "::, ::, ::/64",
        "::1, ::1, ::/64",
        "fe80::1%eth0, fe80::1, fe80::/64",
        "::ffff:203.0.113.9, 203.0.113.9, 203.0.113.0/24",
        "::ffff:cb00:7109, 203.0.113.9, 203.0.113.0/24",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221, 64:ff9b::/64"
    })
    void keysAreTextByRfc5952(String literal, String whole, String network) throws Exception {
        assertEquals(whole, ClientAddress.whole(literal));
        assertEquals(network, ClientAddress.network(literal));
        InetAddress address = InetAddress.getByName(whole);
        assertEquals(whole, ClientAddress.whole(address));
        assertEquals(network, ClientAddress.network(address));
    }

    @Test
    void ipv4MappedAddressIsTheSameClient() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = (byte) 203;
        mapped[15] = 9;
        Inet6Address address = Inet6Address.getByAddress(null, mapped, -1);
        assertEquals("203.0.0.9", ClientAddress.whole(address));
        assertEquals("203.0.0.0/24", ClientAddress.network(address));
    }

    @Test
    void neighboursInANetworkShareItsKeyAndNoOther() {
        assertEquals(ClientAddress.network("10.0.0.1"), ClientAddress.network("10.0.0.200"));
        assertNotEquals(ClientAddress.network("10.0.0.1"), ClientAddress.network("10.0.1.1"));
        assertEquals(ClientAddress.network("2001:db8::1"), ClientAddress.network("2001:db8:0:0:ffff::1"));
        assertNotEquals(ClientAddress.network("2001:db8::1"), ClientAddress.network("2001:db8:0:1::1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.-4",
                "1.2..4",
                "0001.2.3.4",
                "1.2.3.4:80",
                "1:2:3",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                ":::",
                ":1",
                "1:",
                "12345::",
                "g::",
                "1.2.3.4::",
                "::1.2.3",
                "1:2:3:4:5:6:7::8",
                "[::1",
                "::1]",
                "\u0661.2.3.4"
            })
    void whatIsNoAddressIsRefused(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> ClientAddress.whole(text))
                .getMessage();
        assertEquals(
                "client address: \"" + text + "\" (expected: an IPv4 or IPv6 address, for instance 203.0.113.9)",
                message);
    }
}
