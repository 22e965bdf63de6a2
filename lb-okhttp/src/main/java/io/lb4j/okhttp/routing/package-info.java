/** Which service a request goes to: by host, path, method, header, cookie, query, client, body or share. */
@NullMarked
package io.lb4j.okhttp.routing;

import org.jspecify.annotations.NullMarked;
