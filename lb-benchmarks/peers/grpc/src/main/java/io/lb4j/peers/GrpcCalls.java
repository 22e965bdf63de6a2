package io.lb4j.peers;

import io.grpc.CallOptions;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.internal.PickSubchannelArgsImpl;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** Calls to pick for. */
final class GrpcCalls {
    private static final MethodDescriptor<Void, Void> METHOD = MethodDescriptor.<Void, Void>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("peers/call")
            .setRequestMarshaller(new Nothing())
            .setResponseMarshaller(new Nothing())
            .build();

    private GrpcCalls() {}

    static PickSubchannelArgs with(CallOptions options) {
        return new PickSubchannelArgsImpl(
                METHOD, new Metadata(), options, new io.grpc.LoadBalancer.PickDetailsConsumer() {});
    }

    private static final class Nothing implements MethodDescriptor.Marshaller<Void> {
        @Override
        public InputStream stream(Void value) {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public Void parse(InputStream stream) {
            throw new UnsupportedOperationException("parse: nothing is sent");
        }
    }
}
