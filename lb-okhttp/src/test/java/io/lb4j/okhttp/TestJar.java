package io.lb4j.okhttp;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Keeps one cookie of each name. */
final class TestJar implements CookieJar {
    private final Map<String, Cookie> cookies = new ConcurrentHashMap<>();

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> received) {
        received.forEach(each -> cookies.put(each.name(), each));
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
        return cookies.values().stream().filter(each -> each.matches(url)).toList();
    }

    void clear() {
        cookies.clear();
    }

    @Nullable
    String value(String name) {
        Cookie found = cookies.get(name);
        return found == null ? null : found.value();
    }
}
