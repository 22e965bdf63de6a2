/** LB4J beside Finagle's balancers, over services that do nothing. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
