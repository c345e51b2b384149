package org.quadrille.cli.reproduce.growth;

import org.quadrille.transformer.Architecture;

/**
 * From which size to which.
 *
 * @param name short, for keys and tables
 * @param task what the models learn
 * @param smallLayers layers of the source
 * @param smallWidth width of the source
 * @param largeLayers layers of the target
 * @param largeWidth width of the target
 */
record StudySetting(
    String name, StudyTask task, int smallLayers, int smallWidth, int largeLayers, int largeWidth) {

  Architecture small(StudyText text, StudyRecipe recipe) {
    return task.architecture(text, recipe, smallLayers, smallWidth);
  }

  Architecture large(StudyText text, StudyRecipe recipe) {
    return task.architecture(text, recipe, largeLayers, largeWidth);
  }

  /** In words: {@code GPT, 2 layers of width 64 to 4 of 96}. */
  String describe() {
    return task.model()
        + ", "
        + smallLayers
        + (smallLayers == 1 ? " layer" : " layers")
        + " of width "
        + smallWidth
        + " to "
        + largeLayers
        + " of "
        + largeWidth;
  }
}
