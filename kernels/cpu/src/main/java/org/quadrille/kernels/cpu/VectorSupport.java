package org.quadrille.kernels.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What this Java runtime says about its support of the Vector API, found without touching a vector
 * class.
 *
 * @param moduleReadable whether the incubator module is present and readable from here
 * @param vmName name of the virtual machine
 * @param vmInfo its mode ({@code "mixed mode"}, {@code "interpreted mode"})
 * @param lastTier highest compilation tier in use; 4 is C2
 * @param jvmciCompiler whether another compiler replaces C2
 * @param maxVectorBytes widest vector the compiler uses, in bytes
 * @param fusedMultiplyAdd whether the processor has fused multiply-add
 */
record VectorSupport(
    boolean moduleReadable,
    String vmName,
    String vmInfo,
    int lastTier,
    boolean jvmciCompiler,
    int maxVectorBytes,
    boolean fusedMultiplyAdd) {

  static final String FLAG = "--add-modules jdk.incubator.vector";
  private static final String MODULE = "jdk.incubator.vector";
  private static final int C2_TIER = 4;
  private static final int SMALLEST_VECTOR_BYTES = 16;

  static VectorSupport ofThisRuntime() {
    Module here = VectorSupport.class.getModule();
    boolean readable = ModuleLayer.boot().findModule(MODULE).map(here::canRead).orElse(false);
    return new VectorSupport(
        readable,
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vm.info", ""),
        (int) number(vmOption("TieredStopAtLevel", "4"), C2_TIER),
        Boolean.parseBoolean(vmOption("UseJVMCICompiler", "false")),
        (int) number(vmOption("MaxVectorSize", ""), SMALLEST_VECTOR_BYTES),
        Boolean.parseBoolean(vmOption("UseFMA", "true")));
  }

  /** Returns the first reason not to use the Vector API, or null if there is none. */
  String obstacle() {
    String name = vmName.toLowerCase(Locale.ROOT);
    if (!moduleReadable) {
      return "the Vector API module is not readable; start Java with " + FLAG;
    }
    if (!name.contains("hotspot") && !name.contains("openjdk")) {
      return "the virtual machine \"" + vmName + "\" is not HotSpot, whose compiler SIMD needs";
    }
    if (vmInfo.contains("interpreted")) {
      return "Java interprets only (-Xint), so vectors would be slower than scalar code";
    }
    if (lastTier < C2_TIER) {
      return "the C2 compiler is off (TieredStopAtLevel="
          + lastTier
          + "), so vectors would be slower than scalar code";
    }
    if (jvmciCompiler) {
      return "another compiler replaces C2 (-XX:+UseJVMCICompiler)";
    }
    if (maxVectorBytes < SMALLEST_VECTOR_BYTES) {
      return "vectors have only "
          + 8 * maxVectorBytes
          + " bits (MaxVectorSize), at least 128 are needed";
    }
    if (!fusedMultiplyAdd) {
      return "the processor has no fused multiply-add, or -XX:-UseFMA switches it off";
    }
    return null;
  }

  /** Value of a virtual machine option, or the fallback where the runtime has no such option. */
  private static String vmOption(String option, String fallback) {
    try {
      return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .getVMOption(option)
          .getValue();
    } catch (RuntimeException | LinkageError e) {
      return fallback;
    }
  }

  private static long number(String text, long fallback) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return fallback;
    }
  }
}
