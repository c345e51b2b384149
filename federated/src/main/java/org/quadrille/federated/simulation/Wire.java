package org.quadrille.federated.simulation;

import java.util.Map;
import org.quadrille.linalg.DType;

/** What single precision of messages does to numbers. */
final class Wire {
  private Wire() {}

  static StateArrays round(StateArrays state, DType wire) {
    if (wire == DType.F64) {
      return state;
    }
    StateArrays rounded = StateArrays.empty();
    for (Map.Entry<String, double[]> entry : state.arrays().entrySet()) {
      rounded = rounded.with(entry.getKey(), round(entry.getValue()));
    }
    return rounded;
  }

  static double[] round(double[] values) {
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  static int bytes(DType wire) {
    return wire == DType.F32 ? Float.BYTES : Double.BYTES;
  }
}
