package org.quadrille.kernels.cpu.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A list of steps that a device runs one after the other, without looking back to the host.
 *
 * {@snippet :
 * DeviceProgram program = new DeviceProgram(false); // single precision
 * DeviceArray x = program.input(64);
 * DeviceArray y = program.output(32);
 * program.add(new DeviceStep.Multiply(1, DeviceMatrix.of(program.constant(w), 32, 64),
 *     DeviceMatrix.of(x, 64, 1), 0, DeviceMatrix.of(y, 32, 1)));
 * }
 *
 * <p><b>Thread safety</b>: none while being built; programs are not changed by running.
 */
public final class DeviceProgram {
  private final boolean wide;
  private final List<DeviceArray> arrays = new ArrayList<>();
  private final IdentityHashMap<Object, DeviceArray> constants = new IdentityHashMap<>();
  private final List<DeviceStep> steps = new ArrayList<>();

  /**
   * An empty program.
   *
   * @param wide whether inputs, outputs and scratch hold doubles, else floats
   */
  public DeviceProgram(boolean wide) {
    this.wide = wide;
  }

  /** Whether inputs, outputs and scratch hold doubles. */
  public boolean isDouble() {
    return wide;
  }

  /** An array whose numbers are uploaded before each run. */
  public DeviceArray input(int length) {
    return keep(DeviceArray.of(DeviceArray.Role.INPUT, wide, length));
  }

  /** An array whose numbers are downloaded after each run. */
  public DeviceArray output(int length) {
    return keep(DeviceArray.of(DeviceArray.Role.OUTPUT, wide, length));
  }

  /** An array that never leaves the device; unspecified contents until written. */
  public DeviceArray scratch(int length) {
    return keep(DeviceArray.of(DeviceArray.Role.SCRATCH, wide, length));
  }

  /** Numbers that are uploaded once; not copied. The same Java array gives the same constant. */
  public DeviceArray constant(float[] data) {
    return constantOf(data);
  }

  /** Numbers that are uploaded once; not copied. The same Java array gives the same constant. */
  public DeviceArray constant(double[] data) {
    return constantOf(data);
  }

  private DeviceArray constantOf(Object data) {
    return constants.computeIfAbsent(data, numbers -> keep(DeviceArray.constant(numbers)));
  }

  private DeviceArray keep(DeviceArray array) {
    arrays.add(array);
    return array;
  }

  /** Appends a step. */
  public void add(DeviceStep step) {
    steps.add(step);
  }

  /** All arrays, in the order in which they were made. */
  public List<DeviceArray> arrays() {
    return Collections.unmodifiableList(arrays);
  }

  /** The steps in order. */
  public List<DeviceStep> steps() {
    return Collections.unmodifiableList(steps);
  }

  @Override
  public String toString() {
    return "DeviceProgram of " + steps.size() + " steps over " + arrays.size() + " arrays";
  }
}
