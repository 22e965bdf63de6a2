/** Results that algorithms must reproduce, and how tests read them. */
@NullMarked
package io.lb4j.vectors;

import org.jspecify.annotations.NullMarked;
