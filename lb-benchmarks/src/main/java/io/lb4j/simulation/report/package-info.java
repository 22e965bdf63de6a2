/** The standard scenarios, run for every policy, as tables and plots. */
@NullMarked
package io.lb4j.simulation.report;

import org.jspecify.annotations.NullMarked;
