package org.quadrille.cli.zernike;

import org.quadrille.zernike.ModeOrder;
import org.quadrille.zernike.Normalization;
import org.quadrille.zernike.ZernikeBasis;
import picocli.CommandLine.Option;

/** The options that say how modes are numbered and how large they are. */
public final class BasisOptions {
  /** Names of the orders on the command line. */
  public enum Index {
    /** OSA/ANSI, from 0. */
    osa,
    /** Noll, from 1. */
    noll,
    /** Fringe without an end, from 1. */
    fringe,
    /** The set of 37 Fringe terms. */
    fringe37
  }

  /** Names of the normalizations on the command line. */
  public enum Norm {
    /** 1 at the edge. */
    plain,
    /** Mean square 1 over the disk. */
    orthonormal,
    /** Integral of the square 1. */
    unit
  }

  @Option(
      names = "--index",
      paramLabel = "ORDER",
      description = "How modes are numbered: ${COMPLETION-CANDIDATES} (default: osa).")
  private Index index;

  @Option(
      names = "--norm",
      paramLabel = "NORM",
      arity = "0..1",
      fallbackValue = "orthonormal",
      defaultValue = "plain",
      description =
          "Size of the modes: plain (1 at the edge), orthonormal (mean square 1 over the disk) or"
              + " unit (integral of the square 1) (default: plain; --norm alone: orthonormal).")
  private Norm norm = Norm.plain;

  /** Whether an order was asked for. */
  public boolean isIndexGiven() {
    return index != null;
  }

  /** The order asked for, OSA if none was. */
  public ModeOrder order() {
    return switch (index == null ? Index.osa : index) {
      case osa -> ModeOrder.OSA;
      case noll -> ModeOrder.NOLL;
      case fringe -> ModeOrder.FRINGE;
      case fringe37 -> ModeOrder.FRINGE_37;
    };
  }

  /** Its name. */
  public String orderName() {
    return (index == null ? Index.osa : index).name();
  }

  /** The name of that order in headings. */
  public String orderTitle() {
    return switch (index == null ? Index.osa : index) {
      case osa -> "OSA/ANSI index";
      case noll -> "Noll index";
      case fringe -> "Fringe index";
      case fringe37 -> "Fringe term";
    };
  }

  /** The normalization asked for. */
  public Normalization normalization() {
    return switch (norm) {
      case plain -> Normalization.PLAIN;
      case orthonormal -> Normalization.ORTHONORMAL;
      case unit -> Normalization.UNIT_L2;
    };
  }

  /** Its name. */
  public String normName() {
    return norm.name();
  }

  /** Both. */
  public ZernikeBasis basis() {
    return new ZernikeBasis(order(), normalization());
  }
}
