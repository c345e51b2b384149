package org.quadrille.kernels.gpu;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Checks all kernels against the interpreter and measures them: what {@code kernels/gpu/verify}
 * runs. Arguments: {@code --size N} (default 4096, on a processor 512) and {@code --json FILE}.
 * Ends with status 1 if a kernel disagrees or no device can be used.
 */
public final class Verify {
  private Verify() {}

  /** The program. */
  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments, System.out));
  }

  private static int run(String[] arguments, PrintStream out) throws IOException {
    TornadoAccelerator device = new TornadoAccelerator();
    if (device.unavailableReason() != null) {
      out.println("no device: " + device.unavailableReason());
      return 1;
    }
    String name = device.name();
    boolean processor =
        "CL_DEVICE_TYPE_CPU".equals(GpuRuntime.device().getDeviceType().toString())
            || GpuRuntime.device().getDeviceType().toString().contains("CPU");
    int size = processor ? 512 : 4096;
    String json = null;
    for (int i = 0; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        out.println("usage: verify [--size N] [--json FILE]");
        return 2;
      }
      switch (arguments[i]) {
        case "--size" -> size = Integer.parseInt(arguments[i + 1]);
        case "--json" -> json = arguments[i + 1];
        default -> {
          out.println(arguments[i] + ": expected --size N or --json FILE");
          return 2;
        }
      }
    }
    if (size < 64 || size > 16384 || size % 64 != 0) {
      out.println("--size " + size + ": expected a multiple of 64 from 64 to 16384");
      return 2;
    }
    out.println("device  " + name);
    List<Verification.Row> rows = new Verification(device, size).run();
    out.printf(
        "%-24s %-14s %9s %-6s %9s %9s %6s%n",
        "kernel", "shape", "error", "", "GB/s", "Gflop/s", "share");
    boolean agrees = true;
    for (Verification.Row row : rows) {
      agrees &= row.agrees();
      out.printf(
          Locale.ROOT,
          "%-24s %-14s %9.1e %-6s %9s %9s %5.0f%%%n",
          row.kernel(),
          row.shape(),
          row.error(),
          row.agrees() ? "agrees" : "WRONG",
          rate(row.gigabytes()),
          rate(row.gigaflops()),
          100 * row.share());
    }
    out.println(agrees ? "all kernels agree with the interpreter" : "some kernels are WRONG");
    if (json != null) {
      Files.writeString(Path.of(json), json(name, size, rows));
    }
    return agrees ? 0 : 1;
  }

  private static String rate(double value) {
    return value == 0 ? "" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String json(String device, int size, List<Verification.Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append("{\"device\": \"").append(device.replace("\"", "'")).append("\",\n");
    text.append(" \"size\": ").append(size).append(",\n \"kernels\": [\n");
    for (int i = 0; i < rows.size(); i++) {
      Verification.Row row = rows.get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "  {\"kernel\": \"%s\", \"error\": %.3e, \"agrees\": %b, \"gigabytesPerSecond\":"
                  + " %.4f, \"gigaflops\": %.4f, \"share\": %.4f}%s%n",
              row.kernel(),
              row.error(),
              row.agrees(),
              row.gigabytes(),
              row.gigaflops(),
              row.share(),
              i + 1 < rows.size() ? "," : ""));
    }
    return text.append(" ]}\n").toString();
  }
}
