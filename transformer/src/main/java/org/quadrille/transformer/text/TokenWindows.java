package org.quadrille.transformer.text;

/**
 * Windows of equal length, one after the other in one array, with what is to be predicted at each
 * position.
 *
 * @param tokens count times length ids
 * @param targets of the same length; -100 where nothing is to be predicted
 * @param count number of windows
 * @param length tokens of a window
 */
public record TokenWindows(int[] tokens, int[] targets, int count, int length) {}
