/** HTTP servers inside the process, for the examples and the demo to call. */
@NullMarked
package io.lb4j.examples.server;

import org.jspecify.annotations.NullMarked;
