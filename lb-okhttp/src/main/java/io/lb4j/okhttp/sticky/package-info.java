/** Session persistence: cookies, tables and addresses that lead a session to its node. */
@NullMarked
package io.lb4j.okhttp.sticky;

import org.jspecify.annotations.NullMarked;
