package org.quadrille.cli;

import java.util.List;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.GlobalOptions;
import org.quadrille.cli.console.Machine;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.formats.JsonObject;
import org.quadrille.kernels.cpu.KernelProvider;
import org.quadrille.kernels.cpu.Kernels;
import org.quadrille.kernels.cpu.WorkerPool;
import picocli.CommandLine.Command;

/** {@code quadrille info}: what this computer offers and how fast it multiplies. */
@Command(
    name = "info",
    description = "Show the JDK, vector width, threads, backends and a measured gemm rate.")
final class InfoCommand extends QuadrilleCommand {
  private record Backend(String name, boolean available, String reason) {
    JsonObject toJson() {
      return new JsonObject().put("name", name).put("available", available).put("reason", reason);
    }
  }

  @Override
  protected void execute(Console console) {
    Kernels kernels = KernelProvider.active();
    int threads = WorkerPool.shared().threads();
    String noSimd = KernelProvider.simdUnavailableReason();
    String noGpu = GlobalOptions.gpuUnavailable();
    String device = noGpu == null ? org.quadrille.linalg.Backend.gpu().name() : null;
    List<Backend> backends =
        List.of(
            new Backend("scalar", true, null),
            new Backend("simd", noSimd == null, noSimd),
            new Backend("gpu", noGpu == null, noGpu));
    double floatRate = GemmProbe.floatRate();
    double doubleRate = GemmProbe.doubleRate();

    console.print("Quadrille " + Machine.version());
    console.print("");
    console.print("JDK        " + Machine.jdk());
    console.print("processor  " + Machine.processor());
    console.print(
        "vectors    "
            + kernels.lanesFloat()
            + " floats or "
            + kernels.lanesDouble()
            + " doubles at a time ("
            + kernels.name()
            + " backend in use)");
    console.print(
        "threads    " + threads + " of " + Runtime.getRuntime().availableProcessors() + " cores");
    console.print("heap       " + Units.bytes(Runtime.getRuntime().maxMemory()) + " at most");
    console.print(
        "gemm       "
            + Units.significant(floatRate)
            + " Gflop/s float, "
            + Units.significant(doubleRate)
            + " Gflop/s double (512 x 512, best run)");
    if (device != null) {
      console.print("gpu        " + device);
    }
    console.print("");
    Table table = new Table().text("backend").text("available").text("reason");
    for (Backend backend : backends) {
      table.row(
          backend.name(),
          backend.available() ? "yes" : "no",
          backend.reason() == null ? "" : backend.reason());
    }
    console.print(table);
    console.document(
        new JsonObject()
            .put("version", Machine.version())
            .put("jdk", Machine.jdk())
            .put("backend", kernels.name())
            .put("lanesF32", kernels.lanesFloat())
            .put("lanesF64", kernels.lanesDouble())
            .put("threads", threads)
            .put("backends", backends.stream().map(Backend::toJson).toList())
            .put("gpu", device)
            .put("gemmGflops", new JsonObject().put("f32", floatRate).put("f64", doubleRate))
            .put("machine", Machine.facts()));
  }
}
