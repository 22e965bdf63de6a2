/** The parts of the demo: servers with faults, the same traffic for each algorithm, and a report. */
@NullMarked
package io.lb4j.examples.demo;

import org.jspecify.annotations.NullMarked;
