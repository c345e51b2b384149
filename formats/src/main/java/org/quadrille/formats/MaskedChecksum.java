package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** CRC-32C as LevelDB and TensorFlow store it: rotated and shifted, so that it can be nested. */
final class MaskedChecksum {
  private static final long CHUNK = 1 << 30;

  private MaskedChecksum() {}

  static int of(MemorySegment bytes) {
    CRC32C checksum = new CRC32C();
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      checksum.update(bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer());
    }
    return Integer.rotateRight((int) checksum.getValue(), 15) + 0xA282EAD8;
  }
}
