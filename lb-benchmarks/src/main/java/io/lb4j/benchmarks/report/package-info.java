/** Runs sets of JMH benchmarks in alternating forks, and makes tables of results beside their floors and targets. */
@NullMarked
package io.lb4j.benchmarks.report;

import org.jspecify.annotations.NullMarked;
