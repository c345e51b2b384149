/** Tests of all modules, in packages that mirror them. */
package org.quadrille;
