/**
 * What growing a trained transformer saves: a source model is trained, grown by every method, and
 * trained on, against training from scratch; budgets are annealed, data orders are paired over
 * seeds, costs are counted in floating-point operations with the growth included.
 *
 * <p>Start with {@link org.quadrille.cli.reproduce.growth.LigoReproduction}; {@code StudyPlan} says
 * which runs there are, {@code StudyRunner} makes them, {@code Savings} reads them.
 */
package org.quadrille.cli.reproduce.growth;
