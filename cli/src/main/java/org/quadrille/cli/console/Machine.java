package org.quadrille.cli.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.quadrille.formats.JsonObject;

/** Facts about this program, the Java machine and the computer, for headers and run records. */
public final class Machine {
  private Machine() {}

  /** The version of Quadrille. */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in =
        Machine.class.getResourceAsStream("/org/quadrille/cli/version.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("version.properties", e);
    }
    return properties.getProperty("version", "unknown");
  }

  /** The Java machine: {@code 25.0.3+9 (Eclipse Adoptium, OpenJDK 64-Bit Server VM)}. */
  public static String jdk() {
    return Runtime.version()
        + " ("
        + System.getProperty("java.vendor")
        + ", "
        + System.getProperty("java.vm.name")
        + ")";
  }

  /** The processor's own name where the system tells it, else its architecture. */
  public static String processor() {
    Path cpuInfo = Path.of("/proc/cpuinfo");
    if (Files.isReadable(cpuInfo)) {
      try (Stream<String> lines = Files.lines(cpuInfo)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseGet(() -> System.getProperty("os.arch"));
      } catch (IOException | UncheckedIOException e) {
        return System.getProperty("os.arch");
      }
    }
    return System.getProperty("os.arch");
  }

  /** Processor, cores, memory and systems as run records hold them. */
  public static JsonObject facts() {
    JsonObject facts = new JsonObject();
    facts.put("processor", processor());
    facts.put("cores", Runtime.getRuntime().availableProcessors());
    facts.put("maxHeapBytes", Runtime.getRuntime().maxMemory());
    facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("arch", System.getProperty("os.arch"));
    return facts;
  }

  /**
   * Largest memory this process has held so far, in bytes: the resident set where the system tells
   * it, pages of mapped files included, else the sum of the peaks of the heap's parts.
   */
  public static long peakMemory() {
    Path status = Path.of("/proc/self/status");
    if (Files.isReadable(status)) {
      try (Stream<String> lines = Files.lines(status)) {
        return lines
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseGet(Machine::peakHeap);
      } catch (IOException | UncheckedIOException e) {
        return peakHeap();
      }
    }
    return peakHeap();
  }

  /** Sum of the peaks of the parts of the heap, in bytes. */
  public static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
