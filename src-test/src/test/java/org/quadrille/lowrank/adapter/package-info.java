/** Tests of adapters. */
package org.quadrille.lowrank.adapter;
