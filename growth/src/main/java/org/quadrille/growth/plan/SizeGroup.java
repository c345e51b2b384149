package org.quadrille.growth.plan;

/**
 * Elements that grow together, such as the residual stream, heads or hidden units.
 *
 * @param name of the map that grows them
 * @param small number before
 * @param large number after
 * @param block elements that stay together, the size of a head; 1 if there is none
 */
public record SizeGroup(String name, int small, int large, int block) {
  /** Checks that the group does not shrink and consists of whole blocks. */
  public SizeGroup {
    if (small < 1 || large < small || block < 1 || small % block != 0 || large % block != 0) {
      throw new IllegalArgumentException(
          "group \""
              + name
              + "\": from "
              + small
              + " to "
              + large
              + " in blocks of "
              + block
              + "; expected no fewer after than before and whole blocks");
    }
  }
}
