package org.quadrille.kernels.gpu;

import java.util.Map;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * The one door to TornadoVM: safe numeric defaults, one look for a device, and the reason if there
 * is none.
 *
 * <p>TornadoVM trades accuracy for speed by default (approximate roots, relaxed arithmetic, silent
 * fall-back to wrong Java execution); the properties set here before its first use ask for IEEE
 * arithmetic and loud failures. A property that the user set stays as it is.
 */
final class GpuRuntime {
  /** OpenCL compiler flags: no warnings, and nothing that relaxes arithmetic. */
  static final String OPENCL_FLAGS = "-w";

  private static final Map<String, String> SAFE_DEFAULTS =
      Map.of(
          "tornado.recover.bailout", "false",
          "tornado.enable.fastMathOptimizations", "false",
          "tornado.enable.nativeFunctions", "false",
          "tornado.enable.mathOptimizations", "false",
          "tornado.opencl.compiler.flags", OPENCL_FLAGS);

  private static final TornadoDevice DEVICE;
  private static final String WHY_NOT;

  static {
    SAFE_DEFAULTS.forEach(
        (key, value) -> {
          if (System.getProperty(key) == null) {
            System.setProperty(key, value);
          }
        });
    TornadoDevice device = null;
    String whyNot = null;
    try {
      TornadoRuntime runtime = TornadoRuntimeProvider.getTornadoRuntime();
      device = runtime.getNumBackends() == 0 ? null : runtime.getDefaultDevice();
      if (device == null) {
        whyNot = "TornadoVM found no device";
      } else if (device.getTornadoVMBackend() == TornadoVMBackendType.PTX) {
        // removed in TornadoVM 6; computes double functions in single precision
        device = null;
        whyNot = "TornadoVM's PTX backend gives wrong numbers; install its CUDA or OpenCL backend";
      }
    } catch (Exception | LinkageError e) {
      device = null;
      whyNot = reason(e);
    }
    DEVICE = device;
    WHY_NOT = whyNot;
  }

  private GpuRuntime() {}

  /** The device, or null where {@link #whyNot} says why there is none. */
  static TornadoDevice device() {
    return DEVICE;
  }

  /** Why there is no device, in one line, or null. */
  static String whyNot() {
    return WHY_NOT;
  }

  /** One line from what TornadoVM threw: the root cause, without colours. */
  static String reason(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : root.getMessage();
    String plain = message.replaceAll("\u001b\\[[0-9;]*m", "").replaceAll("\\s+", " ").strip();
    if (plain.contains("tornado-argfile")) {
      return "TornadoVM is there, but Java was started without @$TORNADOVM_HOME/tornado-argfile";
    }
    return "TornadoVM does not start: " + root.getClass().getSimpleName() + ": " + plain;
  }
}
