/** Puts LoadBalancers under an OkHttpClient: services by name, one lease per attempt, retries on another endpoint. */
@NullMarked
package io.lb4j.okhttp;

import org.jspecify.annotations.NullMarked;
