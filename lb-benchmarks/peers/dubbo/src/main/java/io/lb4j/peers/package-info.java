/** LB4J beside Dubbo's load balances, over invokers that are never called. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
