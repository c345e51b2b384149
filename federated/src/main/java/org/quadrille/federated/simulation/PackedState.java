package org.quadrille.federated.simulation;

import java.util.Map;
import org.quadrille.linalg.DType;

/** The arrays of a state one after the other, in one precision. */
record PackedState(StateSchema schema, float[] floats, double[] doubles) {

  static PackedState of(StateArrays state, DType dtype) {
    StateSchema schema = StateSchema.of(state);
    if (dtype == DType.F64) {
      double[] all = new double[state.length()];
      int at = 0;
      for (double[] values : state.arrays().values()) {
        System.arraycopy(values, 0, all, at, values.length);
        at += values.length;
      }
      return new PackedState(schema, null, all);
    }
    float[] all = new float[state.length()];
    int at = 0;
    for (Map.Entry<String, double[]> entry : state.arrays().entrySet()) {
      for (double value : entry.getValue()) {
        all[at++] = single(entry.getKey(), value);
      }
    }
    return new PackedState(schema, all, null);
  }

  StateArrays unpack() {
    StateArrays state = StateArrays.empty();
    int at = 0;
    for (int i = 0; i < schema.names().size(); i++) {
      double[] values = new double[schema.lengths()[i]];
      for (int j = 0; j < values.length; j++, at++) {
        values[j] = floats == null ? doubles[at] : floats[at];
      }
      state = state.with(schema.names().get(i), values);
    }
    return state;
  }

  private static float single(String name, double value) {
    float rounded = (float) value;
    if (Float.isInfinite(rounded)) {
      throw new IllegalArgumentException(
          "array \"" + name + "\": " + value + " does not fit single precision; store doubles");
    }
    return rounded;
  }
}
