package io.lb4j.okhttp;

import io.lb4j.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP proxy before one server, on the same port for life, that breaks connections in all the ways in which networks and
 * servers do. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    /** What happens to connections, those open included. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** Each chunk is late. */
        DELAY,
        /** Answers come at 1 kB a second. */
        THROTTLE,
        /** Connections are made, and then nothing is passed on any more: the process hangs. */
        HANG,
        /** Requests arrive, answers do not. */
        HALF_OPEN,
        /** Connections are closed in the middle of the next answer. */
        CUT,
        /** Connections are reset, new ones too. */
        RESET,
        /** Connections are closed and new ones refused: the process is dead. */
        KILL,
        /** Packets vanish: no connection can be made, and on open ones nothing comes. */
        BLACK_HOLE
    }

    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BYTES_PER_TICK = 100;

    private final InetSocketAddress target;
    private final InetSocketAddress address;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by {@link #lock}, read without it. */
    private volatile Fault fault = Fault.NONE;
    /** Guarded by {@link #lock}. */
    private ServerSocket listener;
    /** They fill the queue of a listener that does not accept; guarded by {@link #lock}. */
    private final List<Socket> fillers = new ArrayList<>();
    /** Guarded by {@link #lock}, read without it. */
    private volatile boolean closed;

    /** Starts a proxy on a free port of 127.0.0.1. */
    public FaultProxy(Endpoint server) {
        target = new InetSocketAddress(server.host(), server.port());
        try {
            listener = listen(0, 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        address = (InetSocketAddress) listener.getLocalSocketAddress();
        accept(listener);
    }

    /** Returns where to connect to. */
    public Endpoint endpoint() {
        return Endpoint.of(address.getAddress().getHostAddress(), address.getPort());
    }

    /** Changes what happens, at once. */
    public void set(Fault next) {
        lock.lock();
        try {
            if (fault != next) {
                leave(fault);
                fault = next;
                enter(next);
                changed.signalAll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    private void leave(Fault before) throws IOException {
        if (before == Fault.KILL || before == Fault.BLACK_HOLE) {
            listener.close();
            for (Socket filler : fillers) {
                filler.close();
            }
            fillers.clear();
            listener = listen(address.getPort(), 50);
            accept(listener);
        }
        if (before == Fault.BLACK_HOLE || before == Fault.HANG || before == Fault.HALF_OPEN) {
            breakAll(true); // what was lost in between would be missing from the streams
        }
    }

    private void enter(Fault next) throws IOException {
        switch (next) {
            case RESET -> breakAll(true);
            case KILL -> {
                listener.close();
                breakAll(false);
            }
            case BLACK_HOLE -> {
                listener.close();
                listener = listen(address.getPort(), 1);
                fillQueue();
            }
            default -> {}
        }
    }

    /** Linux drops the SYN of a connection for which the queue of the listener has no room. */
    private void fillQueue() throws IOException {
        for (int i = 0; i < 8; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(address, 50);
            } catch (IOException full) {
                return;
            }
        }
        throw new IOException("the queue does not fill up");
    }

    private static ServerSocket listen(int port, int backlog) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        for (int tries = 1; !socket.isBound(); tries++) {
            try {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
            } catch (BindException e) { // the thread that was accepting has not let go of the port yet
                if (tries == 1000) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
        return socket;
    }

    private void breakAll(boolean reset) {
        for (Socket socket : open) {
            end(socket, reset);
        }
    }

    private void end(Socket socket, boolean reset) {
        try (socket) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (IOException ignored) {
            // it is gone already
        }
        open.remove(socket);
    }

    private void accept(ServerSocket from) {
        start("accept", () -> {
            while (!from.isClosed()) {
                try {
                    serve(from.accept());
                } catch (IOException e) {
                    // closed, or the server is away: the next connection will show
                }
            }
        });
    }

    private void serve(Socket client) throws IOException {
        open.add(client);
        if (fault == Fault.RESET) {
            end(client, true);
            return;
        }
        Socket server = new Socket();
        open.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        server.connect(target);
        start("requests", () -> pump(client, server, false));
        start("answers", () -> pump(server, client, true));
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, "fault-proxy-" + name + "-" + address);
        thread.setDaemon(true);
        thread.start();
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[16_384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = in.read(buffer);
            while (length >= 0 && pass(buffer, length, out, answers)) {
                length = in.read(buffer);
            }
        } catch (IOException | InterruptedException e) {
            // one side is gone, so the other goes too
        }
        end(from, false);
        end(to, false);
    }

    /** Passes a chunk on, or not; false if the connection is to be closed. */
    private boolean pass(byte[] buffer, int length, OutputStream out, boolean answers)
            throws IOException, InterruptedException {
        waitWhileStuck(answers);
        int passed = 0;
        while (passed < length) {
            Fault now = fault;
            int size = length - passed;
            if (now == Fault.CUT && answers) {
                out.write(buffer, passed, size / 2);
                return false;
            } else if (now == Fault.DELAY) {
                pause(DELAY_NANOS);
            } else if (now == Fault.THROTTLE && answers) {
                pause(DELAY_NANOS);
                size = Math.min(size, BYTES_PER_TICK);
            }
            out.write(buffer, passed, size);
            passed += size;
        }
        return true;
    }

    private void waitWhileStuck(boolean answers) throws InterruptedException {
        lock.lock();
        try {
            while (!closed
                    && (fault == Fault.HANG || fault == Fault.BLACK_HOLE || (fault == Fault.HALF_OPEN && answers))) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            Fault during = fault;
            long left = nanos;
            while (left > 0 && fault == during && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            listener.close();
            for (Socket filler : fillers) {
                filler.close();
            }
            breakAll(false);
            changed.signalAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
