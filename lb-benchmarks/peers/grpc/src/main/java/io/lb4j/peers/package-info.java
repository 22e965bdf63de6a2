/** LB4J beside gRPC's load balancing policies, over subchannels that are always ready. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
