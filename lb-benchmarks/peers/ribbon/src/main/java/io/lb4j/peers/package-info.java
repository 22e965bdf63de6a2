/** LB4J beside Ribbon's rules, over servers that are alive and in one zone. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
