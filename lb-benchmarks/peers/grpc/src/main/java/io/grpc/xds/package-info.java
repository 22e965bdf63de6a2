/** Opens what gRPC's xDS keeps to its package. */
@NullMarked
package io.grpc.xds;

import org.jspecify.annotations.NullMarked;
