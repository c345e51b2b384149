/**
 * The command {@code quadrille bench}: chooses what to measure, runs it, keeps what is finished and
 * shows ratios as a table, JSON and pictures.
 *
 * <p>Start with {@link org.quadrille.jmh.command.Suites}: a suite is a benchmark class, the values
 * of its parameters and the floor that the hardware sets. A further one takes one entry there. The
 * benchmark class follows four conventions: a parameter {@code library} whose first value is {@code
 * quadrille}; the other parameters say what is computed; a counter {@code gigaflop} or {@code
 * gigabyte} per second if there is a rate, else the time per call counts; and a {@code @Setup} that
 * checks the result.
 */
package org.quadrille.jmh.command;
