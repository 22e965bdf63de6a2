/** What users put on top of an OkHttpClient, each over a balanced one. */
@NullMarked
package io.lb4j.examples.stacks;

import org.jspecify.annotations.NullMarked;
