/**
 * Federated tasks, methods and runs behind {@code quadrille federate} and {@code reproduce fedep}.
 */
package org.quadrille.cli.federate;
