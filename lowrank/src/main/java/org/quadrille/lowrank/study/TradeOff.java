package org.quadrille.lowrank.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** Learning against forgetting; both are losses, and lower is better. */
public final class TradeOff {
  private TradeOff() {}

  /**
   * One model.
   *
   * @param target loss on what is learned
   * @param source loss on what was known
   */
  public record Point(double target, double source) {
    /** Checks the numbers. */
    public Point {
      if (!Double.isFinite(target) || !Double.isFinite(source)) {
        throw new IllegalArgumentException(
            "trade-off: given losses " + target + " and " + source + ", expected finite numbers");
      }
    }
  }

  /**
   * The points that no other point beats: none is as good in both and better in one. Equal points
   * appear once.
   *
   * @return by ascending target loss. Cost: O(n log n)
   */
  public static List<Point> front(List<Point> points) {
    List<Point> sorted = new ArrayList<>(points);
    sorted.sort(Comparator.comparingDouble(Point::target).thenComparingDouble(Point::source));
    List<Point> front = new ArrayList<>();
    double best = Double.POSITIVE_INFINITY;
    for (Point point : sorted) {
      if (point.source() < best) {
        front.add(point);
        best = point.source();
      }
    }
    return List.copyOf(front);
  }

  /**
   * Area between the front and a reference point that is worse in both; points that are not better
   * than it in both add nothing.
   */
  public static double hypervolume(List<Point> points, Point reference) {
    double area = 0;
    double ceiling = reference.source();
    for (Point point : front(points)) {
      if (point.target() < reference.target() && point.source() < ceiling) {
        area += (reference.target() - point.target()) * (ceiling - point.source());
        ceiling = point.source();
      }
    }
    return area;
  }

  /**
   * Forgetting at matched learning: the source loss where a run passes a target loss, by linear
   * interpolation between its checkpoints; the first passage counts.
   *
   * @param run checkpoints in the order of training
   * @param target loss on what is learned
   * @return empty if the run never has that loss
   */
  public static OptionalDouble sourceAt(List<Point> run, double target) {
    for (int i = 0; i < run.size(); i++) {
      Point here = run.get(i);
      if (here.target() == target) {
        return OptionalDouble.of(here.source());
      }
      if (i + 1 < run.size()) {
        Point next = run.get(i + 1);
        if ((here.target() - target) * (next.target() - target) < 0) {
          double part = (target - here.target()) / (next.target() - here.target());
          return OptionalDouble.of(here.source() + part * (next.source() - here.source()));
        }
      }
    }
    return OptionalDouble.empty();
  }
}
