/** Circuit breakers and rate limits by Resilience4j, whose configuration and metrics they share; adaptive throttling. */
@NullMarked
package io.lb4j.okhttp.resilience;

import org.jspecify.annotations.NullMarked;
