/** Opens what Stork keeps to its package. */
@NullMarked
package io.smallrye.stork.loadbalancer.poweroftwochoices;

import org.jspecify.annotations.NullMarked;
