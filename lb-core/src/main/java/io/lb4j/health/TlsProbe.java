package io.lb4j.health;

import io.lb4j.Endpoint;
import io.lb4j.HealthProbe;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Makes a TLS handshake and verifies the certificate and the name in it; an empty name stands for the endpoint's host. */
record TlsProbe(SSLSocketFactory sockets, String serverName) implements HealthProbe {
    @Override
    public Verdict check(Endpoint endpoint, Duration timeout) throws IOException {
        Deadline deadline = Deadline.in(timeout);
        String name = serverName.isEmpty() ? endpoint.host() : serverName;
        try (Socket plain = TcpProbe.connect(endpoint, deadline);
                SSLSocket socket = (SSLSocket) sockets.createSocket(plain, name, endpoint.port(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(deadline.leftMillis());
            socket.startHandshake();
        }
        return Verdict.PASS;
    }
}
