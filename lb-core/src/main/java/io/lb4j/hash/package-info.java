/** Hash functions, keys and consistent-hash tables, behind {@link io.lb4j.hash.ConsistentHash}. */
@NullMarked
package io.lb4j.hash;

import org.jspecify.annotations.NullMarked;
