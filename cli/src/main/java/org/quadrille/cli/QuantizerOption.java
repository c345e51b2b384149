package org.quadrille.cli;

import org.quadrille.quant.Quantizer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a quantizer on the command line; see {@link Quantizer#parse}. */
final class QuantizerOption implements ITypeConverter<Quantizer> {
  @Override
  public Quantizer convert(String text) {
    try {
      return Quantizer.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
