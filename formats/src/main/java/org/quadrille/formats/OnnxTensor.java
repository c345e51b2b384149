package org.quadrille.formats;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/** A TensorProto: its sizes, its type and the bytes of its data, in whichever field they lie. */
final class OnnxTensor {
  /** Sizes of tensors with more axes are not read; models have at most six. */
  private static final int MAX_RANK = 64;

  private final Path path;
  private final ProtobufReader fields;
  private String name;
  private long[] dims = {};
  private long type;
  private MemorySegment raw;
  private OnnxNumbers numbers;

  private OnnxTensor(Path path, ProtobufReader fields, String name) {
    this.path = path;
    this.fields = fields;
    this.name = name;
  }

  static StoredTensor parse(Path path, ProtobufReader fields) throws FormatException {
    return parseFields(path, fields, "").stored();
  }

  /**
   * Reads the fields but does not check them yet.
   *
   * @param name used unless empty, else the tensor's own
   */
  static OnnxTensor parseFields(Path path, ProtobufReader fields, String name)
      throws FormatException {
    OnnxTensor tensor = new OnnxTensor(path, fields, name);
    boolean hasOwnName = name.isEmpty();
    while (fields.next()) {
      // 1 dims, 2 data_type, 4 float_data, 5 int32_data, 7 int64_data, 8 name, 9 raw_data,
      // 10 double_data, 14 data_location.
      switch (fields.field()) {
        case 1 -> tensor.dims();
        case 2 -> tensor.type = fields.varint();
        case 4, 5, 7, 10 -> tensor.numbers();
        case 8 -> {
          String own = fields.string();
          tensor.name = hasOwnName ? own : name;
        }
        case 9 -> tensor.raw = fields.bytes();
        case 14 -> tensor.location(fields.varint());
        default -> fields.skip();
      }
    }
    return tensor;
  }

  boolean isFloatingPoint() {
    return type == 1 || type == 10 || type == 11 || type == 16;
  }

  int rank() {
    return dims.length;
  }

  /** The tensor, once everything has been checked. */
  StoredTensor stored() throws FormatException {
    if (name.isEmpty()) {
      throw fields.error("a tensor without a name");
    }
    TensorInfo info;
    try {
      info = new TensorInfo(name, elementType(), dims);
    } catch (IllegalArgumentException e) {
      FormatException wrapped = error(e.getMessage());
      wrapped.initCause(e);
      throw wrapped;
    }
    MemorySegment data = data(info.type());
    if (data.byteSize() != info.byteCount()) {
      throw error(info + " needs " + info.byteCount() + " bytes, there are " + data.byteSize());
    }
    return new StoredTensor(info, data, false);
  }

  private MemorySegment data(ElementType elementType) throws FormatException {
    if (raw != null) {
      return raw;
    }
    if (numbers == null) {
      return MemorySegment.ofArray(new byte[0]).asReadOnly();
    }
    if (!numbers.canHold(elementType)) {
      throw error("data of " + elementType + " in field " + numbers.field());
    }
    return numbers.littleEndian(elementType);
  }

  private ElementType elementType() throws FormatException {
    return switch (Math.clamp(type, 0, Integer.MAX_VALUE)) {
      case 1 -> ElementType.F32;
      case 2 -> ElementType.U8;
      case 3 -> ElementType.I8;
      case 5 -> ElementType.I16;
      case 6 -> ElementType.I32;
      case 7 -> ElementType.I64;
      case 9 -> ElementType.BOOL;
      case 10 -> ElementType.F16;
      case 11 -> ElementType.F64;
      case 16 -> ElementType.BF16;
      default -> throw error("data_type " + type + " is not supported");
    };
  }

  private void dims() throws FormatException {
    if (!fields.isBytes()) {
      addDim(fields.varint());
      return;
    }
    ProtobufReader packed = fields.message();
    while (!packed.atEnd()) {
      addDim(packed.packedVarint());
    }
  }

  private void addDim(long size) throws FormatException {
    if (dims.length == MAX_RANK) {
      throw error("more than " + MAX_RANK + " axes");
    }
    dims = Arrays.copyOf(dims, dims.length + 1);
    dims[dims.length - 1] = size;
  }

  private void location(long location) throws FormatException {
    if (location != 0) {
      throw error(
          "its data lie in an external file; save the model with all weights inside one file");
    }
  }

  private void numbers() throws FormatException {
    if (numbers == null) {
      numbers = new OnnxNumbers(fields.field());
    }
    if (numbers.field() != fields.field()) {
      throw error("data in two fields of different type");
    }
    numbers.read(fields);
  }

  private FormatException error(String problem) {
    return new FormatException(path, name.isEmpty() ? null : name, fields.position(), problem);
  }
}
