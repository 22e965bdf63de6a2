/** Our models of other products' policies, written from their sources and papers; not their code. */
@NullMarked
package io.lb4j.simulation.models;

import org.jspecify.annotations.NullMarked;
