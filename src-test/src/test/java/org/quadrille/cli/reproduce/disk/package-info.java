/** Tests of the experiments on the disk. */
package org.quadrille.cli.reproduce.disk;
