package org.quadrille.cli.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.quadrille.quant.QuantizationConfig;

class LlamaShapesTest {
  @Test
  void countsAreThoseOfThePublishedModels() {
    assertEquals(6_738_415_616L, LlamaShapes.SEVEN_BILLION.parameters());
    assertEquals(68_976_648_192L, LlamaShapes.SEVENTY_BILLION.parameters());
    QuantizationConfig config = QuantizationConfig.DEFAULT;
    assertEquals(6_476_005_376L, LlamaShapes.SEVEN_BILLION.budget(config, 0).weights());
    assertEquals(68_451_041_280L, LlamaShapes.SEVENTY_BILLION.budget(config, 0).weights());
  }

  @Test
  void factorsOfRank64TakeAFifthAndATenthOfABit() {
    assertEquals(0.2007, LlamaShapes.SEVEN_BILLION.factorBits(64), 5e-5);
    assertEquals(0.0984, LlamaShapes.SEVENTY_BILLION.factorBits(64), 5e-5);
  }
}
