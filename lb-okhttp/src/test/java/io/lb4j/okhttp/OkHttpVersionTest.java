package io.lb4j.okhttp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lb4j.LoadBalancer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OkHttpVersionTest {
    /** What OkHttp 4 has of the classes that the check needs. */
    private static final String[][] OKHTTP_4 = {
        {"OkHttpClient", "public class OkHttpClient {}"},
        {"Call", "public interface Call { interface Factory {} }"},
        {"Dns", "public interface Dns {}"},
        {"Interceptor", "public interface Interceptor { interface Chain { Object request(); } }"}
    };

    @Test
    void oldOkHttpOnTheClassPathIsOneClearSentenceAndNoLinkageError(@TempDir Path old) throws Exception {
        for (String[] type : OKHTTP_4) {
            compile(old, type[0], type[1]);
        }
        URL[] classPath = {old.toUri().toURL(), location(BalancedClient.class), location(LoadBalancer.class)};
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Class<?> client = loader.loadClass("okhttp3.OkHttpClient");
            Method wrap = loader.loadClass(BalancedClient.class.getName()).getMethod("wrap", client);
            Object instance = client.getConstructor().newInstance();
            InvocationTargetException thrown =
                    assertThrows(InvocationTargetException.class, () -> wrap.invoke(null, instance));
            assertEquals(IllegalStateException.class, thrown.getCause().getClass());
            assertEquals(
                    "OkHttp 5.4 or later is needed, but " + old.toUri().toURL()
                            + " comes first on the class path: import"
                            + " com.squareup.okhttp3:okhttp-bom:5.5.1 into your dependency management",
                    thrown.getCause().getMessage());
        }
    }

    @Test
    void rightOkHttpIsTaken() {
        assertDoesNotThrow(() -> OkHttpVersion.check());
    }

    private static void compile(Path directory, String name, String source) throws IOException {
        Path file = Files.createDirectories(directory.resolve("okhttp3")).resolve(name + ".java");
        Files.writeString(file, "package okhttp3; " + source);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", directory.toString(), "-cp", directory.toString(), file.toString());
        assertTrue(result == 0, name);
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
