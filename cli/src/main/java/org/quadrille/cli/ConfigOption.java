package org.quadrille.cli;

import org.quadrille.quant.QuantizationConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a quantization configuration on the command line. */
final class ConfigOption implements ITypeConverter<QuantizationConfig> {
  @Override
  public QuantizationConfig convert(String text) {
    try {
      return QuantizationConfig.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
