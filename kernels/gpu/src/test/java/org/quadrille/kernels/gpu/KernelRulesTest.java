package org.quadrille.kernels.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quadrille.kernels.cpu.device.PackedWords;
import org.quadrille.kernels.cpu.device.RadialRecurrence;

/**
 * Java that devices silently compute wrongly must not occur in kernels: read off their bytecode.
 */
class KernelRulesTest {
  private static final List<Class<?>> KERNELS =
      List.of(
          FloatKernels.class,
          DoubleKernels.class,
          PackedKernels.class,
          RadialKernels.class,
          PeakKernels.class,
          TornadoIndex.class);

  /** Their methods are compiled into kernels. */
  private static final List<Class<?>> CALLED = List.of(PackedWords.class, RadialRecurrence.class);

  /** Words of OpenCL C and CUDA C that make kernels of that name fail or crash. */
  private static final Set<String> RESERVED =
      Set.of(
          "half",
          "nan",
          "mix",
          "sign",
          "dot",
          "cross",
          "length",
          "distance",
          "normalize",
          "clamp",
          "step",
          "radians",
          "degrees",
          "select",
          "kernel",
          "global",
          "local",
          "constant",
          "barrier",
          "vload",
          "vstore",
          "sqrt",
          "exp",
          "log",
          "sin",
          "cos",
          "pow",
          "min",
          "max",
          "abs",
          "floor");

  private static ClassModel model(Class<?> type) throws IOException {
    try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
      return ClassFile.of().parse(in.readAllBytes());
    }
  }

  private static boolean isKernel(MethodModel method) {
    return method.methodType().stringValue().contains("KernelContext");
  }

  private static List<MethodModel> methods(Class<?> type) throws IOException {
    return model(type).methods().stream()
        .filter(m -> !m.methodName().stringValue().startsWith("<"))
        .toList();
  }

  @Test
  void unsignedShiftsDoNotOccur() throws IOException {
    List<String> found = new ArrayList<>();
    for (Class<?> type : KERNELS) {
      for (MethodModel method : methods(type)) {
        for (CodeElement element : method.code().orElseThrow()) {
          if (element instanceof OperatorInstruction op
              && (op.opcode() == Opcode.IUSHR || op.opcode() == Opcode.LUSHR)) {
            found.add(type.getSimpleName() + "." + method.methodName());
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void staticArraysAndMatrixParametersDoNotOccur() throws IOException {
    List<String> found = new ArrayList<>();
    for (Class<?> type : KERNELS) {
      for (MethodModel method : methods(type)) {
        if (method.methodType().stringValue().contains("[[")
            || (isKernel(method) && method.methodType().stringValue().contains("Z"))) {
          found.add(method.methodName() + " " + method.methodType());
        }
        for (CodeElement element : method.code().orElseThrow()) {
          if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC) {
            found.add(method.methodName() + " reads " + field.name());
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void whatDiffersBetweenBackendsIsNotCalled() throws IOException {
    List<String> found = new ArrayList<>();
    for (Class<?> type : KERNELS) {
      for (MethodModel method : methods(type)) {
        for (CodeElement element : method.code().orElseThrow()) {
          if (element instanceof InvokeInstruction call) {
            String name = call.name().stringValue();
            String owner = call.owner().asInternalName();
            boolean wrong =
                name.startsWith("simd")
                    || name.startsWith("float16")
                    || name.startsWith("atomic")
                    || name.startsWith("rotate")
                    || owner.equals("java/lang/Math");
            if (wrong) {
              found.add(method.methodName() + " calls " + owner + "." + name);
            }
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void kernelNamesAreNoWordsOfDeviceLanguages() throws IOException {
    int kernels = 0;
    for (Class<?> type : KERNELS) {
      for (MethodModel method : methods(type)) {
        assertTrue(!RESERVED.contains(method.methodName().stringValue()), method::toString);
        kernels += isKernel(method) ? 1 : 0;
      }
    }
    assertTrue(kernels > 20, "found " + kernels);
  }

  /** Without local variable tables TornadoVM does not compile a kernel. */
  @Test
  void kernelsAreCompiledWithDebugInformation() throws IOException {
    for (Class<?> type : KERNELS) {
      for (MethodModel method : methods(type)) {
        assertTrue(
            method.code().orElseThrow().findAttribute(Attributes.localVariableTable()).isPresent(),
            () -> type + "." + method.methodName() + " has no local variables; compile with -g");
      }
    }
  }

  @Test
  void calledMethodsShiftToTheRightOnlyWhatIsMasked() {
    assertEquals(0xf, PackedWords.field(0xf0000000, 28, 15));
    assertEquals(5, PackedWords.threePlanes(0x80000000, 0, 0x80000000, 31));
    assertEquals(2, CALLED.size());
    assertEquals(1.0, RadialRecurrence.power(0.5, 0));
    assertEquals(0.125, RadialRecurrence.power(0.5, 3));
  }
}
