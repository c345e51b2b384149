package org.quadrille.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Learning rate and weight decay by the name of a tensor. The first group that matches counts; the
 * last one matches every name. Immutable.
 *
 * {@snippet :
 * ParameterGroups groups =
 *     ParameterGroups.of(3e-3, 0.1, DecayRule.PYTORCH)
 *         .undecayed(name -> name.endsWith(".bias") || name.contains("norm."))
 *         .with(name -> name.startsWith("embeddings."), 1e-3, 0, DecayRule.PYTORCH);
 * }
 */
public final class ParameterGroups {

  /**
   * One group.
   *
   * @param names which tensors belong to it
   * @param rate peak learning rate, 0 or more
   * @param decay weight decay, 0 or more
   * @param rule what the decay means
   */
  public record Group(Predicate<String> names, double rate, double decay, DecayRule rule) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is negative, infinite or NaN
     */
    public Group {
      requireNonNegative("rate", rate);
      requireNonNegative("decay", decay);
      if (names == null || rule == null) {
        throw new IllegalArgumentException("group: given null, expected a predicate and a rule");
      }
    }
  }

  private final List<Group> groups;

  private ParameterGroups(List<Group> groups) {
    this.groups = groups;
  }

  /** One group of all tensors without decay. */
  public static ParameterGroups of(double rate) {
    return of(rate, 0, DecayRule.PYTORCH);
  }

  /** One group of all tensors. */
  public static ParameterGroups of(double rate, double decay, DecayRule rule) {
    return new ParameterGroups(List.of(new Group(name -> true, rate, decay, rule)));
  }

  /** These groups after one more, which is looked at first. */
  public ParameterGroups with(Predicate<String> names, double rate, double decay, DecayRule rule) {
    List<Group> more = new ArrayList<>(groups.size() + 1);
    more.add(new Group(names, rate, decay, rule));
    more.addAll(groups);
    return new ParameterGroups(List.copyOf(more));
  }

  /** These groups, but tensors of such names do not decay; their rates stay. */
  public ParameterGroups undecayed(Predicate<String> names) {
    List<Group> more = new ArrayList<>(2 * groups.size());
    for (Group group : groups) {
      more.add(new Group(group.names().and(names), group.rate(), 0, group.rule()));
      more.add(group);
    }
    return new ParameterGroups(List.copyOf(more));
  }

  /** The first group that matches. */
  public Group of(String name) {
    for (Group group : groups) {
      if (group.names().test(name)) {
        return group;
      }
    }
    throw new AssertionError("the last group matches every name");
  }

  static double requireNonNegative(String what, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          what + ": given " + value + ", expected a finite number, 0 or more");
    }
    return value;
  }

  /** Decay of a running mean: from 0 to below 1. */
  static double requireBelowOne(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          what + ": given " + value + ", expected a number from 0 to below 1");
    }
    return value;
  }
}
