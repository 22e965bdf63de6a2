/** What LB4J does, to look at: run {@code Demo}. {@code ModularSmoke} proves that both libraries run as named modules. */
@NullMarked
package io.lb4j.examples;

import org.jspecify.annotations.NullMarked;
