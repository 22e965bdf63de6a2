/** What you configure, receive or implement, and the package-private engine that runs it. */
@NullMarked
package io.lb4j;

import org.jspecify.annotations.NullMarked;
