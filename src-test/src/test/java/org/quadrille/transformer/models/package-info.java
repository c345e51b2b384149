/** Tests of {@code org.quadrille.transformer.models}. */
package org.quadrille.transformer.models;
