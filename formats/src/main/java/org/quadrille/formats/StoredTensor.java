package org.quadrille.formats;

import java.lang.foreign.MemorySegment;

/**
 * One tensor of an open file.
 *
 * @param info name, type and shape as the caller sees them
 * @param data the bytes as stored, as long as {@link TensorInfo#byteCount} says
 * @param transposed whether the stored axes are those of {@code info} in reverse order
 */
record StoredTensor(TensorInfo info, MemorySegment data, boolean transposed) {}
