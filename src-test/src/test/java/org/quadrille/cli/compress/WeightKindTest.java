package org.quadrille.cli.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightKindTest {
  @ParameterizedTest
  @CsvSource({
    "encoder.layer.3.attention.self.query.weight, 3, query",
    "encoder.layer.0.attention.output.dense.weight, 0, attention output",
    "encoder.layer.11.output.dense.weight, 11, output",
    "encoder.layer.1.intermediate.dense.weight, 1, intermediate",
    "module/bert/encoder/layer_7/output/dense/kernel, 7, output",
    "model.layers.12.mlp.gate_proj.weight, 12, mlp gate proj",
    "classifier.weight, classifier, classifier",
    "w, w, w"
  })
  void readsLayerAndKind(String name, String layer, String kind) {
    assertEquals(new WeightKind(layer, kind), WeightKind.of(name));
  }
}
