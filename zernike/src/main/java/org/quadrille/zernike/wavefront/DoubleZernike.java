package org.quadrille.zernike.wavefront;

import java.util.List;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Tensor;
import org.quadrille.zernike.DiskModes;
import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.ZernikeIndex;

/**
 * The wavefront of an optical system over its pupil and its field of view, both disks: {@code W(x,
 * y; u, v) = sum_j sum_k C_jk Z_j(x, y) Z_k(u, v)}, modes orthonormal, in OSA order.
 *
 * {@snippet :
 * DoubleZernike telescope = DoubleZernike.rotationallySymmetric(terms);
 * double[] waves = telescope.pupil(0.5, 0);              // the pupil, for a point of the field
 * double[] astigmatism = telescope.field(ModeOrder.NOLL.mode(6)); // over the field
 * }
 *
 * <p>I. Kwee and J. Braat, "Double Zernike expansion of the optical aberration function", Pure and
 * Applied Optics 2, 1993. <b>Thread safety</b>: immutable.
 */
public final class DoubleZernike {

  /**
   * A product of two modes.
   *
   * @param pupil mode in the pupil
   * @param field mode in the field
   * @param coefficient of the product of both, orthonormal
   */
  public record Term(ZernikeIndex pupil, ZernikeIndex field, double coefficient) {}

  private final int fieldDegree;

  /** Shape [pupil modes, field modes]. */
  private final Tensor coefficients;

  private DoubleZernike(int fieldDegree, Tensor coefficients) {
    this.fieldDegree = fieldDegree;
    this.coefficients = coefficients;
  }

  /**
   * The sum of products of modes; products that come twice are added.
   *
   * @param terms at least one
   */
  public static DoubleZernike of(List<Term> terms) {
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("terms: given none, expected at least one");
    }
    int pupilDegree = 0;
    int fieldDegree = 0;
    for (Term term : terms) {
      if (!Double.isFinite(term.coefficient)) {
        throw new IllegalArgumentException(term + ": expected a finite coefficient");
      }
      pupilDegree = Math.max(pupilDegree, OsaCoefficients.requireDegree(term.pupil.degree()));
      fieldDegree = Math.max(fieldDegree, OsaCoefficients.requireDegree(term.field.degree()));
    }
    Tensor sum =
        Tensor.zeros(DType.F64, DiskModes.count(pupilDegree), DiskModes.count(fieldDegree));
    for (Term term : terms) {
      int j = (int) ModeOrder.OSA.indexOf(term.pupil);
      int k = (int) ModeOrder.OSA.indexOf(term.field);
      sum.set(sum.get(j, k) + term.coefficient, j, k);
    }
    return new DoubleZernike(fieldDegree, sum);
  }

  /**
   * The wavefront of a system that is symmetric about its axis, as its tables give it: a term with
   * m of the pupil and m' of the field stands for {@code cos m theta cos m' phi + sin m theta sin
   * m' phi}. With m = m' (a system without symmetry errors has no other) that is {@code cos m
   * (theta - phi)}.
   *
   * @param terms with orders from 0 on, at least one
   */
  public static DoubleZernike rotationallySymmetric(List<Term> terms) {
    List<Term> both =
        terms.stream()
            .flatMap(
                term -> {
                  if (term.pupil.order() < 0 || term.field.order() < 0) {
                    throw new IllegalArgumentException(
                        term + ": expected orders of 0 or more, which stand for both signs");
                  }
                  boolean alone = term.pupil.order() == 0 || term.field.order() == 0;
                  return alone ? List.of(term).stream() : List.of(term, mirrored(term)).stream();
                })
            .toList();
    return of(both);
  }

  private static Term mirrored(Term term) {
    return new Term(
        new ZernikeIndex(term.pupil.degree(), -term.pupil.order()),
        new ZernikeIndex(term.field.degree(), -term.field.order()),
        term.coefficient);
  }

  /** C, shape [pupil modes, field modes]; a copy. */
  public Tensor coefficients() {
    return coefficients.copy();
  }

  /**
   * The wavefront in the pupil for a point of the field.
   *
   * @param u position in field radii, in the unit disk
   * @param v position
   * @return orthonormal coefficients in OSA order
   */
  public double[] pupil(double u, double v) {
    if (!(u * u + v * v <= 1 + 1e-12)) {
      throw new IllegalArgumentException(
          "field point (" + u + ", " + v + "): expected one in the unit disk, in field radii");
    }
    Tensor modes = new ModeColumns(fieldDegree).values(new double[] {u}, new double[] {v});
    return MatrixProduct.multiply(coefficients, modes.row(0).copy()).toDoubles();
  }

  /**
   * How much of a mode of the pupil there is over the field.
   *
   * @return orthonormal coefficients over the field in OSA order; zeros for a mode beyond the table
   */
  public double[] field(ZernikeIndex pupilMode) {
    long j = ModeOrder.OSA.indexOf(pupilMode);
    return j < coefficients.size(0)
        ? coefficients.row((int) j).toDoubles()
        : new double[coefficients.size(1)];
  }

  /** Root of the mean over the field of the square of the pupil's rms without piston. */
  public double rms() {
    double sum = 0;
    for (int j = 1; j < coefficients.size(0); j++) {
      for (double c : coefficients.row(j).toDoubles()) {
        sum += c * c;
      }
    }
    return Math.sqrt(sum);
  }
}
