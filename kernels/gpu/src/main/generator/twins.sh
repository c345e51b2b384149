#!/bin/sh
# Writes DoubleKernels.java from FloatKernels.java: run it after every change of the latter.
cd "$(dirname "$0")/../java/org/quadrille/kernels/gpu"
sed -e 's/Float/Double/g' -e 's/\bfloat\b/double/g' -e 's/single precision; {@code DoubleKernels} is generated from this file/double precision, generated from {@code FloatKernels}/' \
  FloatKernels.java >DoubleKernels.java
