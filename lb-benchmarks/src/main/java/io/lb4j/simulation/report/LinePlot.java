package io.lb4j.simulation.report;

import io.lb4j.simulation.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over time, as SVG. */
final class LinePlot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 300;
    private static final int LEFT = 60;
    private static final int RIGHT = 200;
    private static final int TOP = 34;
    private static final int BOTTOM = 34;
    private static final List<String> COLOURS =
            List.of("#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#8c564b", "#7f7f7f", "#e377c2");

    private final String title;
    private final Span time;
    private final boolean logarithmic;
    private final double least;
    private final double most;
    private final List<String> body = new ArrayList<>();
    private int lines;

    LinePlot(String title, Span time, boolean logarithmic, double least, double most) {
        this.title = title;
        this.time = time;
        this.logarithmic = logarithmic;
        this.least = least;
        this.most = most;
    }

    /** Shades a part of the time. */
    void shade(Span span) {
        double x = x(span.from() / 1e9);
        body.add(text(
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#fff1d6\"/>",
                x, TOP, x(span.to() / 1e9) - x, HEIGHT - TOP - BOTTOM));
    }

    /** Adds a line; one value per second from the start on. */
    void line(String name, double[] values) {
        String colour = COLOURS.get(lines % COLOURS.size());
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            points.append(text(i == 0 ? "%.1f,%.1f" : " %.1f,%.1f", x(time.from() / 1e9 + i + 0.5), y(values[i])));
        }
        body.add(text("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\" points=\"%s\"/>", colour, points));
        int y = TOP + 8 + lines * 18;
        int x = WIDTH - RIGHT + 12;
        body.add(text(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>",
                x, y, x + 18, y, colour));
        body.add(label(x + 24, y + 4, "start", name));
        lines++;
    }

    String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(text(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                WIDTH, HEIGHT));
        svg.append(text("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", WIDTH, HEIGHT));
        svg.append(text("<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>%n", LEFT, title));
        body.stream()
                .filter(each -> each.startsWith("<rect"))
                .forEach(each -> svg.append(each).append('\n'));
        axes().forEach(each -> svg.append(each).append('\n'));
        body.stream()
                .filter(each -> !each.startsWith("<rect"))
                .forEach(each -> svg.append(each).append('\n'));
        return svg.append("</svg>\n").toString().replace("\r\n", "\n");
    }

    private List<String> axes() {
        List<String> axes = new ArrayList<>();
        for (double value : ticks()) {
            double y = y(value);
            axes.add(text(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                    LEFT, y, WIDTH - RIGHT, y));
            axes.add(label(LEFT - 6, y + 4, "end", text(value < 1 && value > 0 ? "%.1f" : "%.0f", value)));
        }
        for (long second = time.from() / 1_000_000_000L; second <= time.to() / 1_000_000_000L; second += 5) {
            axes.add(label(x((double) second), HEIGHT - BOTTOM + 18.0, "middle", second + " s"));
        }
        return axes;
    }

    private List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (!logarithmic) {
            for (int i = 0; i <= 4; i++) {
                ticks.add(least + (most - least) * i / 4);
            }
            return ticks;
        }
        for (double decade = least; decade <= most; decade *= 10) {
            for (double step : new double[] {1, 2, 5}) {
                if (decade * step <= most) {
                    ticks.add(decade * step);
                }
            }
        }
        return ticks;
    }

    private double x(double second) {
        double part = (second - time.from() / 1e9) / time.seconds();
        return LEFT + part * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        double clipped = Math.max(least, Math.min(most, value));
        double part = logarithmic
                ? StrictMath.log(clipped / least) / StrictMath.log(most / least)
                : (clipped - least) / (most - least);
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
    }

    private static String label(double x, double y, String anchor, String words) {
        return text("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, words);
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
