package io.lb4j.peers;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.dubbo.common.URL;
import org.apache.dubbo.rpc.Invocation;
import org.apache.dubbo.rpc.Invoker;
import org.apache.dubbo.rpc.Result;
import org.apache.dubbo.rpc.RpcInvocation;
import org.apache.dubbo.rpc.RpcStatus;
import org.apache.dubbo.rpc.cluster.LoadBalance;

/** Dubbo's algorithms over invokers of ours, with a list of them in each call, as Dubbo has it. */
final class DubboInvokers {
    private static final String METHOD = "call";

    private final List<Invoker<Object>> invokers;
    private final RpcInvocation[] invocations;
    private final LoadBalance balance;
    private final URL url;
    /** Confined to the one thread of the benchmark. */
    private int next;

    @SuppressWarnings("deprecation") // the other constructors want models that a selection does not look at
    private DubboInvokers(LoadBalance balance, List<Invoker<Object>> invokers) {
        this.balance = balance;
        this.invokers = invokers;
        this.url = invokers.get(0).getUrl();
        this.invocations = IntStream.range(0, 4096)
                .mapToObj(i -> new RpcInvocation(
                        METHOD, "peers", "", new Class<?>[] {String.class}, new Object[] {Load.key(i)}))
                .toArray(RpcInvocation[]::new);
    }

    static DubboInvokers of(LoadBalance balance, int endpoints, boolean weighted) {
        return new DubboInvokers(
                balance,
                IntStream.range(0, endpoints)
                        .<Invoker<Object>>mapToObj(i -> busy(new Stub(url(i, weighted ? Load.weight(i) : 1)), i))
                        .toList());
    }

    private static URL url(int endpoint, int weight) {
        return URL.valueOf("dubbo://" + Load.host(endpoint) + ":80/peers?weight=" + weight);
    }

    private static Stub busy(Stub invoker, int endpoint) {
        for (int i = 0; i < Load.inFlight(endpoint); i++) {
            RpcStatus.beginCount(invoker.getUrl(), METHOD);
            RpcStatus.endCount(invoker.getUrl(), METHOD, Load.latency(endpoint + i) / 1_000_000, true);
            RpcStatus.beginCount(invoker.getUrl(), METHOD);
        }
        return invoker;
    }

    Invoker<Object> select() {
        return balance.select(invokers, url, invocations[next++ & 4095]);
    }

    private record Stub(URL getUrl) implements Invoker<Object> {
        @Override
        public Class<Object> getInterface() {
            return Object.class;
        }

        @Override
        public Result invoke(Invocation invocation) {
            throw new UnsupportedOperationException("invoke: not needed to select");
        }

        @Override
        public boolean isAvailable() {
            return true;
        }

        @Override
        public void destroy() {}
    }
}
