/** LB4J beside the load balancers of SmallRye Stork. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
