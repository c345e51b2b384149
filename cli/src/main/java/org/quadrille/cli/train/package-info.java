/** Training runs of the command line: text, tokenizer, settings, job and loss curve. */
package org.quadrille.cli.train;
