package org.quadrille.growth.plan;

import java.util.List;

/**
 * How one kind of tensor lies in a file.
 *
 * @param names patterns, the first that the file has is meant
 * @param parts what it holds, one after the other along its out axis
 * @param inOut whether a matrix is stored [in, out]
 * @param squeezed whether leading axes of size 1 are dropped
 * @param optional whether a file may be without it
 */
record StoredRule(
    List<NamePattern> names, List<Part> parts, boolean inOut, boolean squeezed, boolean optional) {

  /**
   * A tensor of the model within a tensor of the file.
   *
   * @param module its name in the model, {@code {layer}} for the number of the layer
   * @param out map of the out axis; null to take axes and mixture from the architecture
   * @param in map of the in axis; null for a vector
   * @param depth mixture of layers; null outside the layers
   */
  record Part(String module, String out, String in, String depth) {}

  StoredRule {
    names = List.copyOf(names);
    parts = List.copyOf(parts);
    boolean layered = names.getFirst().inLayers();
    for (NamePattern name : names) {
      if (name.inLayers() != layered) {
        throw new IllegalArgumentException(
            "rule \"" + name + "\": all its names need {layer}, or none");
      }
    }
    for (Part part : parts) {
      if (part.module().contains(NamePattern.LAYER) != layered) {
        throw new IllegalArgumentException(
            "rule \""
                + names.getFirst()
                + "\": module \""
                + part.module()
                + "\" needs {layer} exactly if the name has it");
      }
    }
  }

  boolean inLayers() {
    return names.getFirst().inLayers();
  }

  @Override
  public String toString() {
    return names.getFirst().toString();
  }
}
