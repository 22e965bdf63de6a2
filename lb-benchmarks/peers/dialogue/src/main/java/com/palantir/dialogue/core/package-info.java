/** Opens what Dialogue keeps to its package. */
@NullMarked
package com.palantir.dialogue.core;

import org.jspecify.annotations.NullMarked;
