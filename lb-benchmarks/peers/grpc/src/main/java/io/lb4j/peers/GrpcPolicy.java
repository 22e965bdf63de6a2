package io.lb4j.peers;

import io.grpc.Attributes;
import io.grpc.ChannelLogger;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.ResolvedAddresses;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.LoadBalancer.SubchannelStateListener;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A policy of gRPC over subchannels that are ready as soon as they are asked to connect. */
final class GrpcPolicy implements AutoCloseable {
    private final SynchronizationContext context = new SynchronizationContext((thread, failure) -> {
        throw new IllegalStateException(failure);
    });
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "grpc");
        thread.setDaemon(true);
        return thread;
    });
    private final LoadBalancer balancer;
    /** Written in the context, on the thread that sets up. */
    private volatile @Nullable SubchannelPicker picker;

    GrpcPolicy(String policy, Map<String, ?> config, int endpoints) {
        LoadBalancerProvider provider =
                Objects.requireNonNull(LoadBalancerRegistry.getDefaultRegistry().getProvider(policy), policy);
        Object parsed = provider.parseLoadBalancingPolicyConfig(config).getConfig();
        List<EquivalentAddressGroup> addresses = IntStream.range(0, endpoints)
                .mapToObj(i -> new EquivalentAddressGroup(InetSocketAddress.createUnresolved(Load.host(i), 80)))
                .toList();
        balancer = provider.newLoadBalancer(new Channel());
        context.execute(() -> {
            Status status = balancer.acceptResolvedAddresses(ResolvedAddresses.newBuilder()
                    .setAddresses(addresses)
                    .setLoadBalancingPolicyConfig(parsed)
                    .build());
            if (!status.isOk()) {
                throw status.asRuntimeException();
            }
        });
    }

    SubchannelPicker picker() {
        return Objects.requireNonNull(picker, "no picker yet");
    }

    @Override
    public void close() {
        context.execute(balancer::shutdown);
        timer.shutdownNow();
    }

    private final class Channel extends LoadBalancer.Helper {
        @Override
        public Subchannel createSubchannel(CreateSubchannelArgs args) {
            return new Ready(args);
        }

        @Override
        public void updateBalancingState(ConnectivityState state, SubchannelPicker next) {
            picker = next;
        }

        @Override
        public SynchronizationContext getSynchronizationContext() {
            return context;
        }

        @Override
        public ScheduledExecutorService getScheduledExecutorService() {
            return timer;
        }

        @Override
        public ChannelLogger getChannelLogger() {
            return new Silent();
        }

        @Override
        public ManagedChannel createOobChannel(EquivalentAddressGroup addresses, String authority) {
            throw new UnsupportedOperationException("createOobChannel: not needed to pick");
        }

        @Override
        public String getAuthority() {
            return "peers";
        }
    }

    private static final class Silent extends ChannelLogger {
        @Override
        public void log(ChannelLogLevel level, String message) {}

        @Override
        public void log(ChannelLogLevel level, String format, @Nullable Object... args) {}
    }

    /** Connects at once, and is healthy. */
    private static final class Ready extends Subchannel {
        private final CreateSubchannelArgs args;
        private @Nullable SubchannelStateListener listener;

        Ready(CreateSubchannelArgs args) {
            this.args = args;
        }

        @Override
        public void start(SubchannelStateListener told) {
            listener = told;
        }

        @Override
        public void requestConnection() {
            SubchannelStateListener told = Objects.requireNonNull(listener, "not started");
            told.onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.CONNECTING));
            told.onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.READY));
            SubchannelStateListener health = args.getOption(LoadBalancer.HEALTH_CONSUMER_LISTENER_ARG_KEY);
            if (health != null) {
                health.onSubchannelState(ConnectivityStateInfo.forNonError(ConnectivityState.READY));
            }
        }

        @Override
        public ChannelLogger getChannelLogger() {
            return new Silent();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<EquivalentAddressGroup> getAllAddresses() {
            return args.getAddresses();
        }

        @Override
        public Attributes getAttributes() {
            return args.getAttributes();
        }

        @Override
        public void updateAddresses(List<EquivalentAddressGroup> addresses) {}
    }
}
