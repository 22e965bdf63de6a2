/** Opens what ServiceTalk's load balancer keeps to its package. */
@NullMarked
package io.servicetalk.loadbalancer;

import org.jspecify.annotations.NullMarked;
