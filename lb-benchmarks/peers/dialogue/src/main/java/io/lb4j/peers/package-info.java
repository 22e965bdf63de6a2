/** LB4J beside the channel selection of Palantir's Dialogue. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
