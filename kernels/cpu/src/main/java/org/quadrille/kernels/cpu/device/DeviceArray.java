package org.quadrille.kernels.cpu.device;

import java.lang.reflect.Array;

/**
 * An array of a {@link DeviceProgram}, known by identity. Made by the program's methods.
 *
 * <p><b>Thread safety</b>: immutable; the numbers of a constant must not change.
 */
public final class DeviceArray {
  /** Where the numbers come from and go to. */
  public enum Role {
    /** Uploaded once, with the program. */
    CONSTANT,
    /** Uploaded before each run. */
    INPUT,
    /** Downloaded after each run. */
    OUTPUT,
    /** Lives on the device only. */
    SCRATCH
  }

  private final Role role;
  private final boolean wide;
  private final int length;
  private final Object data;

  private DeviceArray(Role role, boolean wide, int length, Object data) {
    this.role = role;
    this.wide = wide;
    this.length = length;
    this.data = data;
  }

  static DeviceArray of(Role role, boolean wide, int length) {
    if (length < 1) {
      throw new IllegalArgumentException(
          "device array of " + length + " numbers: expected at least 1");
    }
    return new DeviceArray(role, wide, length, null);
  }

  static DeviceArray constant(Object data) {
    int length = Array.getLength(data);
    if (length < 1) {
      throw new IllegalArgumentException("device constant of no numbers: expected at least 1");
    }
    return new DeviceArray(Role.CONSTANT, data instanceof double[], length, data);
  }

  /** Where the numbers come from and go to. */
  public Role role() {
    return role;
  }

  /** Whether the numbers are doubles, else floats. */
  public boolean isDouble() {
    return wide;
  }

  /** How many numbers there are. */
  public int length() {
    return length;
  }

  /**
   * The numbers of a constant, not copied.
   *
   * @throws IllegalStateException if this is no constant of floats
   */
  public float[] floats() {
    if (data instanceof float[] floats) {
      return floats;
    }
    throw new IllegalStateException(this + " holds no constant floats");
  }

  /**
   * The numbers of a constant, not copied.
   *
   * @throws IllegalStateException if this is no constant of doubles
   */
  public double[] doubles() {
    if (data instanceof double[] doubles) {
      return doubles;
    }
    throw new IllegalStateException(this + " holds no constant doubles");
  }

  @Override
  public String toString() {
    return role + " of " + length + (wide ? " doubles" : " floats");
  }
}
