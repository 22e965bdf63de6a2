/** LB4J beside the load balancers of Spring Cloud. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
