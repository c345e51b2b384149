/**
 * Folding updates into weights and taking them out again, bit for bit.
 *
 * <p>{@link org.quadrille.lowrank.merge.MergedWeight} owns a merged copy and leaves the base alone;
 * {@link org.quadrille.lowrank.merge.InPlaceMerge} overwrites the weight and keeps what differs;
 * {@link org.quadrille.lowrank.merge.SubtractionUnmerge} has nothing but the merged weight and the
 * update, and says how far it may be off.
 */
package org.quadrille.lowrank.merge;
