/** Tests of the file formats: fixtures, round trips, rules, hostile input and real models. */
package org.quadrille.formats;
