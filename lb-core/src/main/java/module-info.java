/** Client-side load balancing that needs nothing but the JDK. */
module io.lb4j.core {
    requires static org.jspecify;

    exports io.lb4j;
    exports io.lb4j.balance;
    exports io.lb4j.hash;
    exports io.lb4j.health;
    exports io.lb4j.locality;
}
