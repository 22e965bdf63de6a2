/** Circuit breakers and rate limits by Resilience4j, for those who have its configuration and its metrics already. */
@NullMarked
package io.lb4j.okhttp.resilience;

import org.jspecify.annotations.NullMarked;
