/** Tests of the study of growth. */
package org.quadrille.cli.reproduce.growth;
