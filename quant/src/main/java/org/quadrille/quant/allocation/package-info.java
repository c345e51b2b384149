/**
 * Which configuration each matrix gets under a memory budget: an exact multiple-choice knapsack in
 * pure Java.
 *
 * <p>One option is chosen from each class (a configuration for each matrix) so that the summed
 * weight (bits) stays within a budget and the summed cost (squared error) is least: Guo, Greengard,
 * Xing and Kim, "LQ-LoRA" (ICLR 2024), section 3.2, which hands the problem to a commercial solver.
 * Start with {@link org.quadrille.quant.allocation.Knapsack} for any such problem, with {@link
 * org.quadrille.quant.allocation.BudgetCurve} for all budgets at once, and with {@link
 * org.quadrille.quant.allocation.BitAllocation#search} for the matrices of a model: it measures
 * what options cost ({@link org.quadrille.quant.allocation.CostMeasurement}), matrix by matrix, and
 * keeps the results on disk ({@link org.quadrille.quant.allocation.CostCache}). Ranks can be chosen
 * with the configurations ({@link org.quadrille.quant.allocation.AllocationOption#jointGrid}).
 */
package org.quadrille.quant.allocation;
