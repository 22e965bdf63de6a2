/** LB4J beside Armeria's load balancers for numbers and keys. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
