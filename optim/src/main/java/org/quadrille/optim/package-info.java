/**
 * Objectives over named tensors, optimizers, learning-rate schedules.
 *
 * <p>Start with {@link org.quadrille.optim.Objective} (what is minimized), {@link
 * org.quadrille.optim.Optimizer} (how) and {@link org.quadrille.optim.Schedule} (how fast, when).
 *
 * {@snippet :
 * Optimizer optimizer =
 *     new Adam(ParameterGroups.of(3e-3, 0.1, DecayRule.PYTORCH).undecayed(n -> n.endsWith(".bias")));
 * Schedule schedule = Schedule.cosine(100, 1000, 0.01);
 * GradientClipping clipping = GradientClipping.byNorm(1);
 * for (int step = 0; step < 1000; step++) {
 *   double loss = data.at(step).lossAndGradient(parameters, gradients);
 *   clipping.clip(gradients);
 *   optimizer.step(parameters, gradients, schedule.factor(step + 1));
 * }
 * }
 *
 * <p>Every result is the same bits for any number of threads and with or without SIMD, and a run
 * that is stopped and goes on from saved state takes the steps of an unbroken one.
 */
package org.quadrille.optim;
