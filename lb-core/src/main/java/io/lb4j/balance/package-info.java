/** Selection algorithms, one file each, behind {@link io.lb4j.balance.Balancers}. */
@NullMarked
package io.lb4j.balance;

import org.jspecify.annotations.NullMarked;
