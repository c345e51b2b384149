package org.quadrille.federated.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.quadrille.linalg.DType;

/**
 * A client's change, or the server's broadcast, as bytes. Little endian:
 *
 * <pre>
 * offset  bytes  content
 *      0      4  magic "QFED"
 *      4      2  version, 1
 *      6      1  shape: 0 vector, 1 scaled identity, 2 diagonal, 3 full
 *      7      1  precision of the numbers: 4 or 8 bytes
 *      8     16  algorithm, ASCII, padded with zeros
 *     24      8  round
 *     32      4  client, -1 for the server
 *     36      4  d
 *     40      8  sequence number of the sender
 *     48      8  examples of the client, n_k
 *     56         eta (or the vector): d numbers; then Lambda: 0, 1, d or d(d+1)/2 numbers
 *    end      4  CRC-32C of all before
 * </pre>
 *
 * <p>Without frame these are 4d bytes in single precision for a vector, 4d + 4 for a scaled
 * identity (which need not be sent where it never changes), 8d for a diagonal, 4d + 2d(d+1) for a
 * full precision, packed by rows of the lower triangle.
 *
 * @param algorithm at most 16 ASCII characters
 * @param round from 0
 * @param client from 0, or -1 for the server
 * @param sequence number of the message among those of its sender
 * @param points n_k
 * @param shape of the precision
 * @param shift d numbers: eta, or parameters
 * @param precision as many numbers as the shape says
 */
public record Message(
    String algorithm,
    long round,
    int client,
    long sequence,
    long points,
    Shape shape,
    double[] shift,
    double[] precision) {
  private static final int MAGIC = 0x44454651;
  private static final short VERSION = 1;
  private static final int NAME_BYTES = 16;
  private static final int HEADER = 56;

  /** Bytes around the numbers. */
  public static final int FRAME = HEADER + Integer.BYTES;

  /** What comes beside the vector. */
  public enum Shape {
    /** Nothing. */
    VECTOR(0),
    /** One number. */
    SCALED_IDENTITY(1),
    /** d numbers. */
    DIAGONAL(2),
    /** d(d+1)/2 numbers. */
    FULL(3);

    private final int code;

    Shape(int code) {
      this.code = code;
    }

    /** How many numbers. */
    public long precisionLength(int d) {
      return switch (this) {
        case VECTOR -> 0;
        case SCALED_IDENTITY -> 1;
        case DIAGONAL -> d;
        case FULL -> d * (d + 1L) / 2;
      };
    }

    private static Shape of(int code) {
      for (Shape shape : values()) {
        if (shape.code == code) {
          return shape;
        }
      }
      throw new IllegalArgumentException("message: shape " + code + ", expected 0 to 3");
    }
  }

  /** Checks that the parts fit. */
  public Message {
    if (algorithm.length() > NAME_BYTES
        || !StandardCharsets.US_ASCII.newEncoder().canEncode(algorithm)) {
      throw new IllegalArgumentException(
          "algorithm \"" + algorithm + "\": expected at most " + NAME_BYTES + " ASCII characters");
    }
    if (round < 0 || client < -1 || points < 0) {
      throw new IllegalArgumentException(
          "round "
              + round
              + ", client "
              + client
              + ", examples "
              + points
              + " given, expected none below 0 (client: -1 for the server)");
    }
    if (precision.length != shape.precisionLength(shift.length)) {
      throw new IllegalArgumentException(
          "precision of "
              + precision.length
              + " numbers given, expected "
              + shape.precisionLength(shift.length)
              + " for "
              + shape
              + " of dimension "
              + shift.length);
    }
  }

  /** Bytes of a message. */
  public static long bytes(Shape shape, int d, DType dtype) {
    return FRAME + (d + shape.precisionLength(d)) * width(dtype);
  }

  /**
   * The bytes.
   *
   * @param dtype F32 rounds the numbers
   * @throws IllegalArgumentException if a number does not fit single precision
   */
  public byte[] encode(DType dtype) {
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(bytes(shape, shift.length, dtype)))
            .order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putShort(VERSION).put((byte) shape.code).put((byte) width(dtype));
    byte[] name = new byte[NAME_BYTES];
    byte[] ascii = algorithm.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, name, 0, ascii.length);
    out.put(name).putLong(round).putInt(client).putInt(shift.length);
    out.putLong(sequence).putLong(points);
    put(out, shift, dtype);
    put(out, precision, dtype);
    return out.putInt(checksum(out.array(), out.position())).array();
  }

  /**
   * Reads bytes.
   *
   * @throws IllegalArgumentException if they are no message, of another version, cut short or
   *     damaged
   */
  public static Message decode(byte[] bytes) {
    if (bytes.length < FRAME) {
      throw new IllegalArgumentException(
          "message of " + bytes.length + " bytes given, expected at least " + FRAME);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int magic = in.getInt();
    short version = in.getShort();
    if (magic != MAGIC || version != VERSION) {
      throw new IllegalArgumentException(
          String.format(
              "message: magic %08x, version %d given, expected %08x, %d",
              magic, version, MAGIC, VERSION));
    }
    int end = bytes.length - Integer.BYTES;
    if (in.getInt(end) != checksum(bytes, end)) {
      throw new IllegalArgumentException("message: damaged, its checksum does not fit; send again");
    }
    Shape shape = Shape.of(in.get());
    int width = in.get();
    byte[] name = new byte[NAME_BYTES];
    in.get(name);
    long round = in.getLong();
    int client = in.getInt();
    int d = in.getInt();
    long sequence = in.getLong();
    long points = in.getLong();
    boolean fits =
        (width == Float.BYTES || width == Double.BYTES)
            && d >= 0
            && bytes.length == FRAME + (d + shape.precisionLength(d)) * width;
    if (!fits) {
      throw new IllegalArgumentException(
          "message of "
              + bytes.length
              + " bytes does not fit dimension "
              + d
              + ", shape "
              + shape
              + " and numbers of "
              + width
              + " bytes");
    }
    double[] shift = take(in, d, width);
    double[] precision = take(in, (int) shape.precisionLength(d), width);
    String algorithm = new String(name, StandardCharsets.US_ASCII).replace("\0", "");
    return new Message(algorithm, round, client, sequence, points, shape, shift, precision);
  }

  private static void put(ByteBuffer out, double[] numbers, DType dtype) {
    for (double number : numbers) {
      if (dtype == DType.F64) {
        out.putDouble(number);
      } else if (Double.isFinite(number) && Float.isInfinite((float) number)) {
        throw new IllegalArgumentException(
            "message: " + number + " does not fit single precision; send doubles");
      } else {
        out.putFloat((float) number);
      }
    }
  }

  private static double[] take(ByteBuffer in, int n, int width) {
    double[] numbers = new double[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = width == Float.BYTES ? in.getFloat() : in.getDouble();
    }
    return numbers;
  }

  private static int width(DType dtype) {
    return dtype == DType.F32 ? Float.BYTES : Double.BYTES;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
