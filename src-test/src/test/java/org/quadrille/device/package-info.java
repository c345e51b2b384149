/** Operators as device programs: on the interpreter everywhere, on a device where there is one. */
package org.quadrille.device;
