/**
 * Measures of what finetuning learns and what it forgets.
 *
 * <p>Start with {@link org.quadrille.lowrank.study.TradeOff}, which compares losses on the learned
 * and on the known text. {@link org.quadrille.lowrank.study.PassAtK} and {@link
 * org.quadrille.lowrank.study.TextDiversity} judge samples. All of them are functions of plain
 * numbers and strings (Biderman et al., "LoRA Learns Less and Forgets Less", 2024, sections 4 and
 * appendix F).
 *
 * {@snippet :
 * List<TradeOff.Point> front = TradeOff.front(points);
 * double forgotten = TradeOff.sourceAt(run, 2.1).orElse(Double.NaN);
 * }
 */
package org.quadrille.lowrank.study;
