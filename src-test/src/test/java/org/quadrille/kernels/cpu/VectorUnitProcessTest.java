package org.quadrille.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The same bits from all vector units of x86 processors, in fresh Java processes that are told to
 * use no more than one of them: AVX2, its 128-bit half, AVX, and SSE. Without AVX the virtual
 * machine has no fused multiply-add either: there the plain backend runs, says why, and is correct
 * but slow beyond use, since {@link Math#fma} is then computed in decimal arithmetic.
 */
class VectorUnitProcessTest {

  /** Prints the backend and a digest of the results of all kinds of kernels. */
  public static final class Program {
    private static final long REPEATED_NANOSECONDS = 700_000_000L;

    private Program() {}

    public static void main(String[] arguments) throws Exception {
      // SIMD from the first call where it is available, else what the automatic choice takes.
      Kernels chosen = KernelProvider.active();
      Kernels kernels = chosen.lanesFloat() > 1 ? KernelProvider.simd().orElseThrow() : chosen;
      String digest = digest(kernels);
      // Again and again, so that compiled code is seen too: not in plain code without hardware
      // support of Math.fma, a thousand times slower.
      long end = System.nanoTime() + (kernels.lanesFloat() > 1 ? REPEATED_NANOSECONDS : 0);
      while (System.nanoTime() < end) {
        if (!digest.equals(digest(kernels))) {
          throw new IllegalStateException("other bits after a while");
        }
      }
      System.out.println("backend " + kernels.name() + " lanes " + kernels.lanesFloat());
      System.out.println("digest " + digest);
    }

    private static String digest(Kernels kernels) throws Exception {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      Random random = new Random(5);
      double[] a = random.doubles(1200, -1, 1).toArray();
      double[] b = random.doubles(1200, -1, 1).toArray();
      double[] c = random.doubles(1200, -1, 1).toArray();
      float[] x = floats(a);
      float[] y = floats(b);
      float[] z = floats(c);
      kernels.gemm(17, 23, 19, 1.5f, x, 0, 19, 1, y, 3, 23, 1, 0.5f, z, 1, 23, 1);
      kernels.gemm(16, 32, 21, 1, x, 0, 1, 16, y, 0, 1, 21, 0, z, 600, 32, 1);
      kernels.gemm(11, 13, 17, 1.5, a, 0, 17, 1, b, 3, 13, 1, 0.5, c, 1, 13, 1);
      kernels.gemv(25, 33, 1, x, 0, 33, 1, y, 0, 1, 0, z, 100, 1);
      kernels.gemv(33, 25, 1, a, 0, 1, 33, b, 0, 1, 1, c, 100, 2);
      kernels.axpy(401, 0.3f, x, 1, 1, z, 5, 1);
      kernels.axpy(401, 0.3, a, 1, 1, c, 5, 1);
      kernels.transpose(20, 30, z, 0, 30, y, 0, 20);
      kernels.transpose(20, 30, c, 0, 30, b, 0, 20);
      ByteBuffer bytes = ByteBuffer.allocate(12 * 1200 * 2 + 64);
      for (float value : z) {
        bytes.putFloat(value);
      }
      for (float value : y) {
        bytes.putFloat(value);
      }
      for (double value : c) {
        bytes.putDouble(value);
      }
      bytes.putFloat(kernels.dot(1003, x, 0, 1, y, 2, 1));
      bytes.putDouble(kernels.dot(1003, a, 0, 1, b, 2, 1));
      bytes.putDouble(kernels.norm1(999, z, 1, 1));
      bytes.putDouble(kernels.norm2(999, z, 1, 1));
      bytes.putDouble(kernels.norm2(999, c, 1, 1));
      bytes.putFloat(kernels.normInf(999, z, 1, 1));
      sha256.update(bytes.flip());
      return HexFormat.of().formatHex(sha256.digest());
    }

    private static float[] floats(double[] values) {
      float[] floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }
  }

  @Test
  void allVectorUnitsGiveTheSameBits() throws Exception {
    assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64"), "flags of x86 only");
    String plain = run("-Dquadrille.backend=scalar");
    assertTrue(plain.contains("backend scalar"), plain);
    String best = run();
    assertSame(plain, best);
    // A processor with AVX2 has fused multiply-add; one without runs all of this in plain code.
    String avx2 = run("-XX:UseAVX=2");
    assertSame(plain, avx2);
    boolean simd = best.contains("backend simd");
    assertEquals(simd, avx2.contains("backend simd lanes 8"), avx2);
    String half = run("-XX:UseAVX=2", "-Dquadrille.vectorBits=128");
    assertSame(plain, half);
    assertEquals(simd, half.contains("backend simd lanes 4"), half);
  }

  @Test
  void withoutAvxPlainCodeRunsAndSaysSo() throws Exception {
    assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64"), "flags of x86 only");
    String plain = run("-Dquadrille.backend=scalar");
    assertSame(plain, run("-XX:UseAVX=1"));
    String sse = run("-XX:UseAVX=0");
    assertSame(plain, sse);
    assertTrue(sse.contains("backend scalar"), sse);
    assertTrue(sse.contains("no fused multiply-add"), sse);
  }

  private static void assertSame(String expected, String output) {
    assertEquals(digestOf(expected), digestOf(output), output);
  }

  private static String digestOf(String output) {
    int at = output.indexOf("digest ");
    assertTrue(at >= 0, output);
    return output.substring(at).strip();
  }

  private static String run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dquadrille.threads=1"));
    // The compiler comes early, since the processes are short.
    command.addAll(List.of("-XX:Tier4InvocationThreshold=500", "-XX:Tier4CompileThreshold=1500"));
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(classPathOf(Kernels.class) + File.pathSeparator + classPathOf(Program.class));
    command.add(Program.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static String classPathOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
