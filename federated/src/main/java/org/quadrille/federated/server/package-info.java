/**
 * What a server does with the sum of the changes it receives: an optimizer step on natural
 * parameters or on a mean, and a damping of the sum.
 */
package org.quadrille.federated.server;
