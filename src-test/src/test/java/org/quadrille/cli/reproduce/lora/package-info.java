/** Tests of the study of learning and forgetting. */
package org.quadrille.cli.reproduce.lora;
