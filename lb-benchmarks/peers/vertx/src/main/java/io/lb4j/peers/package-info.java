/** LB4J beside the load balancers of Vert.x. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
