/** One class for each question: {@code QuickStart} and the others; {@code Demo} shows what it is good for. */
@NullMarked
package io.lb4j.examples;

import org.jspecify.annotations.NullMarked;
