package org.quadrille.zernike;

/**
 * An integral over a disk and what is known of its error.
 *
 * @param value of the rule asked for
 * @param difference its distance to the value of the rule with three quarters of the nodes in
 *     either direction: for a smooth integrand far above the error of {@code value}, for an
 *     integrand with a singularity of its size; nothing is guaranteed
 */
public record DiskIntegral(double value, double difference) {}
