/** JMH benchmarks of the hot path, each beside the floor it is compared with. */
@NullMarked
package io.lb4j.benchmarks;

import org.jspecify.annotations.NullMarked;
