/** What tests of applications and of users' own algorithms need: a clock moved by hand, and a contract to pass. */
@NullMarked
package io.lb4j.testkit;

import org.jspecify.annotations.NullMarked;
