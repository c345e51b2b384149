/**
 * What travels between clients and server as bytes, and sums that reveal no summand. Start with
 * {@link org.quadrille.federated.message.Message} and {@link
 * org.quadrille.federated.message.AdditiveMasking} (Bonawitz et al., Practical Secure Aggregation,
 * 2017).
 */
package org.quadrille.federated.message;
