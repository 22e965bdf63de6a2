/** What the comparisons with all peers share: the floors, LB4J's side, the same load for both sides. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
