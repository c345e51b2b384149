package org.quadrille.zernike;

/**
 * Writes the nodes of a panel, a block at a time: the loops over a block become vector code. This
 * is where all but some thirty nodes of a rule come from.
 */
final class PanelNodes {
  private static final int BLOCK = 256;

  private final GaussNodes rule;
  private final PhasePanel panel;
  private final boolean fromEdge;
  private final double[] angles = new double[BLOCK];
  private final double[] inverseRates = new double[BLOCK];
  private final double[] phases = new double[BLOCK];
  private final double[] sines = new double[BLOCK];
  private final double[] cosines = new double[BLOCK];
  private final ChebyshevFit.Scratch scratch = new ChebyshevFit.Scratch(BLOCK);

  PanelNodes(GaussNodes rule, PhasePanel panel, boolean fromEdge) {
    this.rule = rule;
    this.panel = panel;
    this.fromEdge = fromEdge;
    panel.invert(scratch);
  }

  /**
   * Nodes number {@code first} to {@code last}, counted from the end that angles are counted from.
   */
  void store(int first, int last) {
    int n = rule.t().length;
    for (int k = first; k <= last; k += BLOCK) {
      int count = Math.min(BLOCK, last - k + 1);
      // ascending in t: from the edge, numbers fall
      int number = fromEdge ? k + count - 1 : k;
      panel.angles(count, number, fromEdge ? -1 : 1, angles, inverseRates, phases, scratch);
      SineAndCosine.of(count, angles, phases, sines, cosines);
      int at = fromEdge ? n - number : k - 1;
      write(count, at, fromEdge ? cosines : sines, fromEdge ? sines : cosines);
    }
  }

  private void write(int count, int at, double[] rootsOfT, double[] rootsOfS) {
    double[] t = rule.t();
    double[] s = rule.s();
    double[] scaledWeights = rule.scaledWeights();
    for (int i = 0; i < count; i++) {
      double x = rootsOfT[i];
      double y = rootsOfS[i];
      t[at + i] = x * x;
      s[at + i] = y * y;
      // W = 2 pi sin cos / alpha'
      scaledWeights[at + i] = 2 * Math.PI * (x * y) * inverseRates[i];
    }
  }
}
