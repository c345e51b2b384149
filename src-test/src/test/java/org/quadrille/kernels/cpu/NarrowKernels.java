package org.quadrille.kernels.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * SIMD kernels of several vector widths on one machine: each is a copy of the classes, loaded with
 * its own setting of the test-only properties.
 */
final class NarrowKernels extends ClassLoader {

  private static final String PACKAGE = "org.quadrille.kernels.cpu.";

  /** Classes that all copies share. */
  private static final Set<String> SHARED =
      Set.of(
          PACKAGE + "Kernels",
          PACKAGE + "AdamStep",
          PACKAGE + "KernelProvider",
          PACKAGE + "WorkerPool",
          PACKAGE + "PackedMatrix",
          PACKAGE + "ElementFunction");

  private static List<Kernels> all;

  private NarrowKernels() {
    super(NarrowKernels.class.getClassLoader());
  }

  /** The kernels of this machine, narrower ones, ones with the tile for 32 registers, wide ones. */
  static synchronized List<Kernels> all() {
    if (all == null) {
      List<Kernels> kernels = new ArrayList<>();
      kernels.add(
          KernelProvider.simd()
              .orElseThrow(() -> new AssertionError(KernelProvider.simdUnavailableReason())));
      kernels.add(load("128", "16"));
      kernels.add(load("256", "32"));
      // Without such hardware the Vector API computes 512 bits in plain Java: the same operations.
      kernels.add(load("emulated512", "32"));
      all = List.copyOf(kernels);
    }
    return all;
  }

  static Kernels load(String bits, String registers) {
    System.setProperty("quadrille.vectorBits", bits);
    System.setProperty("quadrille.vectorRegisters", registers);
    try {
      var constructor =
          new NarrowKernels().loadClass(PACKAGE + "VectorKernels").getDeclaredConstructor();
      constructor.setAccessible(true);
      Kernels kernels = (Kernels) constructor.newInstance();
      // Asking for the lanes fixes the width while the properties are set.
      if (kernels.lanesFloat() * Float.SIZE > Integer.parseInt(bits.replace("emulated", ""))) {
        throw new AssertionError("vectors wider than " + bits + " bits");
      }
      return kernels;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot load a copy of the kernels", e);
    } finally {
      System.clearProperty("quadrille.vectorBits");
      System.clearProperty("quadrille.vectorRegisters");
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(PACKAGE) || SHARED.contains(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
