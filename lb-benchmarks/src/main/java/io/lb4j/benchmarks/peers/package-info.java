/** The table of LB4J beside its peers, out of what their modules have measured. */
@NullMarked
package io.lb4j.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
