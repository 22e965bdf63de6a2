package io.lb4j.okhttp;

import java.security.CodeSource;
import okhttp3.Dns;
import okhttp3.Interceptor;

/** Makes sure that the OkHttp on the class path can do what is needed. */
final class OkHttpVersion {
    private OkHttpVersion() {}

    static void check() {
        check(Interceptor.Chain.class);
    }

    /** Takes the class apart so that a test can give another. */
    static void check(Class<?> chain) {
        try {
            chain.getMethod("withDns", Dns.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(
                    "OkHttp 5.4 or later is needed, but " + source(chain)
                            + " comes first on the class path: import com.squareup.okhttp3:okhttp-bom:5.5.1 into your"
                            + " dependency management",
                    e);
        }
    }

    private static String source(Class<?> chain) {
        CodeSource source = chain.getProtectionDomain().getCodeSource();
        return source == null ? "an older one" : String.valueOf(source.getLocation());
    }
}
