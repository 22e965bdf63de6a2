package io.lb4j.examples.demo;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * Where the demo writes: a terminal with a line that moves, or plain lines.
 *
 * <p>Used by one thread.
 */
public final class Screen {
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean live;
    private final boolean colours;
    private final boolean blocks;
    private boolean statusShown;

    private Screen(PrintStream out, boolean live, boolean colours, boolean blocks) {
        this.out = out;
        this.live = live;
        this.colours = colours;
        this.blocks = blocks;
    }

    /** Returns the standard output: live if it is a terminal, in colours unless {@code NO_COLOR} is set. */
    public static Screen standard() {
        Map<String, String> environment = System.getenv();
        boolean live = isTerminal() && !"dumb".equals(environment.get("TERM"));
        boolean colours = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Screen(System.out, live, colours, live && canWriteBlocks());
    }

    /** Returns a screen of plain lines. */
    public static Screen plain(PrintStream out) {
        return new Screen(out, false, false, false);
    }

    /** Returns a screen that shows nothing. */
    static Screen none() {
        return plain(new PrintStream(PrintStream.nullOutputStream(), false, Charset.defaultCharset()));
    }

    @SuppressWarnings("SystemConsoleNull") // up to JDK 21 null means no terminal; later ones are asked below
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return Runtime.version().feature() < 22;
        }
    }

    private static boolean canWriteBlocks() {
        String name =
                System.getProperty("stdout.encoding", Charset.defaultCharset().name());
        return Charset.isSupported(name) && Charset.forName(name).newEncoder().canEncode('█');
    }

    boolean isLive() {
        return live;
    }

    /** Writes a line. */
    public void line(String text) {
        out.println(statusShown ? ERASE_LINE + text : text);
        statusShown = false;
    }

    /** Replaces the line that moves; must be shorter than the terminal is wide. Only if live. */
    void status(String text) {
        if (live) {
            out.print(ERASE_LINE + text);
            out.flush();
            statusShown = true;
        }
    }

    String bold(String text) {
        return code("1", text);
    }

    String dim(String text) {
        return code("2", text);
    }

    String first(String text) {
        return code("33", text);
    }

    String second(String text) {
        return code("32", text);
    }

    private String code(String code, String text) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }

    /** Returns a bar of so many characters. */
    String bar(int length) {
        return (blocks ? "█" : "#").repeat(length);
    }
}
