package org.quadrille.growth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.GaussianMatrix;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;

/**
 * A term of a growth operator that mixes the kinds of matrices too, after Mango (Y. Pan et al.,
 * NeurIPS 2023): queries, keys, values, outputs and both feedforward matrices of all layers are cut
 * into square blocks of the width of the stream, and one tensor ring of four cores maps all small
 * blocks to all large ones,
 *
 * <pre>  M = sum over a, b, c, d of  layers_da (x) kinds_cd (x) in_bc (x) out_ab.</pre>
 *
 * <p>Ring rank 1 is a Kronecker product of four matrices. Its numbers do not grow with the number
 * of kinds, and every grown block sees every small one. The cores are the parameters {@code out}
 * [r, r, D2, D1], {@code in} [r, r, D2, D1], {@code kinds} [r, r, K, K] and {@code layers} [r, r,
 * L2, L1]. Vectors, embeddings and matrices that are no whole blocks need terms of the usual kind.
 *
 * {@snippet :
 * GrowthOperator operator = LearnedStart.PUBLISHED.coupled(plan, DType.F32, 1, 1);
 * }
 */
public final class CoupledTerm {
  static final String OUT = "out";
  static final String IN = "in";
  static final String KINDS = "kinds";
  static final String LAYERS = "layers";
  private static final double NOISE = 0.01;

  /**
   * One kind of tensor and its blocks.
   *
   * @param rule the kind
   * @param down blocks under each other
   * @param across blocks beside each other
   */
  record Member(TensorRule rule, int down, int across) {}

  private final List<Member> members;
  private final Tensors cores;

  private CoupledTerm(List<Member> members, Tensors cores) {
    this.members = members;
    this.cores = cores;
  }

  /**
   * A term with given cores, which are shared.
   *
   * @throws IllegalArgumentException naming the core whose shape does not fit the plan
   */
  public static CoupledTerm of(
      GrowthPlan plan, Tensor out, Tensor in, Tensor kinds, Tensor layers) {
    List<Member> members = members(plan);
    int rank = out.rank() == 4 ? out.size(0) : 0;
    int[] width = plan.sizes("residual");
    int blocks = blocks(members);
    require(OUT, out, out, rank, width[1], width[0]);
    require(IN, in, out, rank, width[1], width[0]);
    require(KINDS, kinds, out, rank, blocks, blocks);
    require(LAYERS, layers, out, rank, plan.largeLayers(), plan.smallLayers());
    return new CoupledTerm(
        members, Tensors.of(OUT, out).put(IN, in).put(KINDS, kinds).put(LAYERS, layers));
  }

  /**
   * A start: both width cores {@code [I; S]}, kinds not mixed, layers as given; further ring places
   * near zero.
   *
   * @param rank of the ring, at least 1
   */
  static CoupledTerm start(
      GrowthPlan plan,
      DType dtype,
      int rank,
      DepthStart depth,
      WidthStart width,
      SplittableRandom random) {
    if (rank < 1) {
      throw new IllegalArgumentException("rank: given " + rank + ", expected at least 1");
    }
    int[] sizes = plan.sizes("residual");
    int blocks = blocks(members(plan));
    Tensor out = noise(dtype, rank, sizes[1], sizes[0], random);
    Tensor map = AxisMap.identityOver(width.added(dtype, sizes[0], sizes[1], random)).toDense();
    out.row(0).row(0).assign(map);
    Tensor in = noise(dtype, rank, sizes[1], sizes[0], random);
    in.row(0).row(0).assign(map);
    Tensor kinds = noise(dtype, rank, blocks, blocks, random);
    kinds.row(0).row(0).assign(StructuredMap.identity(dtype, blocks));
    Tensor layers = noise(dtype, rank, plan.largeLayers(), plan.smallLayers(), random);
    layers
        .row(0)
        .row(0)
        .assign(depth.mixture(dtype, plan.smallLayers(), plan.largeLayers(), random));
    return of(plan, out, in, kinds, layers);
  }

  /** The live cores by name. */
  public Tensors parameters() {
    return cores;
  }

  /** Rank of the ring. */
  public int rank() {
    return cores.get(OUT).size(0);
  }

  /** Whether the term makes tensors of a kind. */
  public boolean covers(TensorRule rule) {
    return members.stream().anyMatch(member -> member.rule().equals(rule));
  }

  List<Member> members() {
    return members;
  }

  /** The same with copies of the numbers. */
  CoupledTerm independentCopy() {
    return new CoupledTerm(members, cores.copy());
  }

  DType dtype() {
    return cores.get(OUT).dtype();
  }

  /** Square blocks of a layer. */
  static int blocks(List<Member> members) {
    return members.stream().mapToInt(member -> member.down() * member.across()).sum();
  }

  /** The kinds of matrices that are whole blocks before and after growth. */
  static List<Member> members(GrowthPlan plan) {
    int[] width = plan.sizes("residual");
    List<Member> members = new ArrayList<>();
    for (TensorRule rule : plan.rules()) {
      if (rule.inLayers() && rule.axes().size() == 2 && plan.smallLayers() > 0) {
        int[] small = plan.smallShapes().get(rule.name(0));
        int[] large = plan.largeShapes().get(rule.name(0));
        boolean whole =
            small[0] % width[0] == 0
                && small[1] % width[0] == 0
                && large[0] % width[1] == 0
                && large[1] % width[1] == 0
                && small[0] / width[0] == large[0] / width[1]
                && small[1] / width[0] == large[1] / width[1];
        if (whole) {
          members.add(new Member(rule, small[0] / width[0], small[1] / width[0]));
        }
      }
    }
    if (members.isEmpty()) {
      throw new IllegalArgumentException(
          "coupled growth: no matrix of a layer consists of whole blocks of the stream's width ("
              + width[0]
              + " to "
              + width[1]
              + "); use terms of the usual kind");
    }
    return members;
  }

  private static Tensor noise(DType dtype, int rank, int rows, int cols, SplittableRandom random) {
    Tensor core = Tensor.zeros(dtype, rank, rank, rows, cols);
    for (int a = 0; rank > 1 && a < rank; a++) {
      for (int b = 0; b < rank; b++) {
        Tensor drawn = GaussianMatrix.of(dtype, random.nextLong(), rows, cols);
        core.row(a).row(b).assign(Arithmetic.scale(NOISE, drawn));
      }
    }
    return core;
  }

  private static void require(
      String name, Tensor core, Tensor first, int rank, int rows, int cols) {
    int[] expected = {rank, rank, rows, cols};
    if (rank < 1
        || !Arrays.equals(core.shape(), expected)
        || core.dtype() != first.dtype()
        || !core.isContiguous()
        || !core.isFinite()) {
      throw new IllegalArgumentException(
          "core \""
              + name
              + "\": given "
              + core
              + ", expected finite "
              + first.dtype()
              + " of shape [rank, rank, "
              + rows
              + ", "
              + cols
              + "] with one rank for all");
    }
  }
}
