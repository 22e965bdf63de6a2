/** Verdicts from traffic and from probes, behind {@link io.lb4j.health.HealthTrackers} and {@link io.lb4j.health.HealthProbes}. */
@NullMarked
package io.lb4j.health;

import org.jspecify.annotations.NullMarked;
