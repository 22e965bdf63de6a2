/** Priorities, zones, regions, spares and subsets, behind {@link io.lb4j.locality.Localities}. */
@NullMarked
package io.lb4j.locality;

import org.jspecify.annotations.NullMarked;
