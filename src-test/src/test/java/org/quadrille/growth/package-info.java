/** Tests of growth. */
package org.quadrille.growth;
