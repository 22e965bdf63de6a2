/** Hash functions, keys and consistent-hash tables, behind {@code ConsistentHash}. */
@NullMarked
package io.lb4j.hash;

import org.jspecify.annotations.NullMarked;
