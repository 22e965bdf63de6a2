/** Tests on real sockets wherever OkHttp's own behaviour is at stake. */
@NullMarked
package io.lb4j.okhttp;

import org.jspecify.annotations.NullMarked;
