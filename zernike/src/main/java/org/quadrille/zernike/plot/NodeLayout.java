package org.quadrille.zernike.plot;

import org.quadrille.zernike.plot.Mark.Anchor;

/**
 * The nodes of a rule for the disk, each as a dot whose area grows with its weight.
 *
 * {@snippet :
 * Picture picture = new NodeLayout("Rule B", radii, radialWeights, 33).picture();
 * }
 */
public final class NodeLayout {
  private static final double SIZE = 330;
  private static final double LEFT = 30;
  private static final int MOST_NODES = 200_000;

  private final String title;
  private final double[] radii;
  private final double[] weights;
  private final int angles;
  private String caption = "";

  /**
   * A picture of a tensor rule.
   *
   * @param title above it; empty for none
   * @param radii of the nodes, 0 to 1
   * @param weights of the radii, as many, from 0 on
   * @param angles equispaced angles from 0 on, one or more; at most 200 000 nodes in all
   */
  public NodeLayout(String title, double[] radii, double[] weights, int angles) {
    if (radii.length != weights.length || radii.length == 0 || angles < 1) {
      throw new IllegalArgumentException(
          radii.length
              + " radii, "
              + weights.length
              + " weights, "
              + angles
              + " angles: expected as many weights as radii and one or more of each");
    }
    if ((long) radii.length * angles > MOST_NODES) {
      throw new IllegalArgumentException(
          radii.length + " x " + angles + " nodes: expected at most " + MOST_NODES);
    }
    this.title = title;
    this.radii = radii.clone();
    this.weights = weights.clone();
    this.angles = angles;
  }

  /** A line of small text under the title. */
  public NodeLayout caption(String words) {
    caption = words;
    return this;
  }

  /** The finished picture. */
  public Picture picture() {
    Drawing drawing = new Drawing();
    double top = Captions.draw(drawing, LEFT, title, caption) + 8;
    double centreX = LEFT + SIZE / 2;
    double centreY = top + SIZE / 2;
    drawing.circle(centreX, centreY, SIZE / 2, Theme.BASE, 1);
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    // all dots together cover an eighth of the disk
    double area = 0.125 * Math.PI * SIZE * SIZE / 4 / (total * angles);
    for (int i = 0; i < radii.length; i++) {
      double radius = Math.max(0.35, Math.sqrt(area * Math.max(0, weights[i]) / Math.PI));
      for (int j = 0; j < angles; j++) {
        double angle = 2 * Math.PI * j / angles;
        drawing.dot(
            centreX + 0.5 * SIZE * radii[i] * Math.cos(angle),
            centreY - 0.5 * SIZE * radii[i] * Math.sin(angle),
            radius,
            Theme.series(0),
            0.8);
      }
    }
    drawing.words(
        centreX,
        top + SIZE + 22,
        Anchor.MIDDLE,
        Theme.SOFT,
        radii.length + " radii × " + angles + " angles; area of a dot: its weight");
    return drawing.picture(
        Math.max(SIZE + 2 * LEFT, Captions.right(LEFT, title, caption)),
        top + SIZE + 36,
        title.isEmpty() ? "nodes of a rule" : title);
  }
}
