package org.quadrille.growth.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A tensor that is copied as it is.
 *
 * @param name in the file
 * @param pattern of its name, if it lies in a layer; else null
 * @param prefix of the file
 * @param layer its layer
 */
record CopiedTensor(String name, NamePattern pattern, String prefix, int layer) {

  /** Its names after growth: those of a last layer serve all new layers, too. */
  List<String> names(int smallLayers, int largeLayers) {
    if (pattern == null) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>(List.of(name));
    for (int l = smallLayers; layer == smallLayers - 1 && l < largeLayers; l++) {
      names.add(pattern.name(prefix, l));
    }
    return names;
  }
}
