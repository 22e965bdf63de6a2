/** LB4J beside ServiceTalk's host selectors. */
@NullMarked
package io.lb4j.peers;

import org.jspecify.annotations.NullMarked;
