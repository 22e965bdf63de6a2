/** jcstress tests of what callers' threads do to a LoadBalancer at the same time. */
@NullMarked
package io.lb4j.stress;

import org.jspecify.annotations.NullMarked;
