package io.lb4j.benchmarks.peers;

/**
 * One algorithm of a peer beside ours.
 *
 * @param type the class that measures both, and the floor
 * @param theirs what the peer calls it
 * @param ours what we call it
 * @param kind what is compared
 * @param differs what one has to know to judge the figures: what only one of the two does
 */
record Comparison(String type, String theirs, String ours, Kind kind, String differs) {
    /** What is compared; a pick never with a cycle. */
    enum Kind {
        /** A node is chosen. */
        PICK("pick"),
        /** A node is chosen by the request's key. */
        KEY("pick by key"),
        /** A node is chosen, and the outcome comes back. */
        CYCLE("cycle");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
