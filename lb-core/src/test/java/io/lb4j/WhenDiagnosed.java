package io.lb4j;

/** A request that does something between the try that gets no lease and the verdict why. */
record WhenDiagnosed(Runnable action) implements RequestContext {
    @Override
    public boolean hasExclusions() {
        if (StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals(Diagnosis.class.getName())))) {
            action.run();
        }
        return false;
    }
}
