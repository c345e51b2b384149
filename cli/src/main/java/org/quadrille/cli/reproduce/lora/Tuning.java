package org.quadrille.cli.reproduce.lora;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.quadrille.linalg.Arithmetic;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.MatrixProduct;
import org.quadrille.linalg.Svd;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.lowrank.adapter.Adapters;
import org.quadrille.lowrank.adapter.Targets;
import org.quadrille.lowrank.spectrum.Spectrum;
import org.quadrille.optim.Adam;
import org.quadrille.optim.DecayRule;
import org.quadrille.optim.ParameterGroups;
import org.quadrille.optim.Schedule;
import org.quadrille.optim.StepObjective;
import org.quadrille.transformer.Transformer;
import org.quadrille.transformer.text.TokenWindows;
import org.quadrille.transformer.train.TextTask;
import org.quadrille.transformer.train.Trainer;
import org.quadrille.transformer.train.TrainingPlan;

/**
 * Finetunes one model in one way: AdamW (0.9, 0.95), rates that rise for a tenth of the steps and
 * fall as a cosine to a hundredth, clipping at norm 1.
 */
final class Tuning {
  /** Leading left singular vectors that are looked at for intruders. */
  private static final int LEADING = 10;

  private static final double ENERGY = 0.9;
  private static final double FINAL = 0.01;

  private final StudyScale scale;
  private final StudyTexts texts;
  private final TuningMethod method;
  private final Tensors before;
  private final Transformer model;
  private final Adapters adapters;
  private final TextTask source;
  private final TextTask target;

  /**
   * A run, not started.
   *
   * @param base weights of the model; not modified
   * @param seed of adapters, batches and dropout; two methods see the same batches
   */
  Tuning(StudyScale scale, StudyTexts texts, TuningMethod method, Tensors base, long seed) {
    this.scale = scale;
    this.texts = texts;
    this.method = method;
    this.before = base;
    Transformer plain = Transformer.of(scale.architecture(texts.vocabulary()), base.copy());
    adapters =
        method.adapters() == null
            ? null
            : Adapters.attach(plain.parameters(), method.adapters().withSeed(seed));
    model = adapters == null ? plain : adapters.into(plain, Transformer::withOperator);
    source = TextTask.nextToken(model, texts.source(), scale.batch(), scale.length(), seed);
    TextTask learned =
        TextTask.nextToken(model, texts.target(), scale.batch(), scale.length(), seed);
    target =
        method.residualDropout() + method.attentionDropout() > 0
            ? learned.withDropout(method.residualDropout(), method.attentionDropout())
            : learned;
  }

  /** Schedule of a run of that many steps. */
  static TrainingPlan plan(int steps) {
    return TrainingPlan.of(steps)
        .withSchedule(Schedule.cosine(Math.round(0.1 * steps), steps, FINAL))
        .withClipping(1);
  }

  /** Optimizer of all runs. */
  static Adam optimizer(double rate, double decay, DecayRule rule) {
    ParameterGroups groups = ParameterGroups.of(rate, decay, rule);
    return new Adam(
        rule == DecayRule.TOWARDS_START
            ? groups
            : groups.undecayed(name -> name.endsWith(".bias") || name.contains("norm.")),
        Adam.Options.DEFAULT.withBetas(0.9, 0.95));
  }

  /** Trains and measures. */
  TuningOutcome run() {
    long began = System.nanoTime();
    Tensor known = logits();
    List<TuningOutcome.Point> curve = new ArrayList<>();
    curve.add(point(0, known));
    Predicate<String> frozen = frozen();
    StepObjective data = method.replay() > 0 ? mixed() : target;
    new Trainer(
            model.parameters(),
            adapters == null ? data : adapters.dropping(data, 1),
            optimizer(method.rate(), method.decay(), method.rule()),
            plan(scale.tuningSteps()))
        .freezing(frozen)
        .telling(
            history -> {
              if (scale.checkpoints().contains(history.steps())) {
                curve.add(point(history.steps(), known));
              }
            })
        .run();
    long trained = 0;
    for (String name : model.parameters().names()) {
      trained += frozen.test(name) ? 0 : model.parameters().get(name).length();
    }
    return new TuningOutcome(
        trained,
        curve,
        changes(),
        new SampleDiversity(texts.target(), scale.length()).uniqueTexts(model),
        (System.nanoTime() - began) * 1e-9);
  }

  private Predicate<String> frozen() {
    if (adapters != null) {
      return name -> !adapters.trains(name);
    }
    return method.blocksOnly()
        ? name ->
            !name.endsWith(".weight")
                || !Targets.ALL_LINEAR.matches(name.substring(0, name.length() - 7))
        : name -> false;
  }

  /** Batches of which some windows come from the source text. */
  private StepObjective mixed() {
    int old = Math.toIntExact(Math.round(method.replay() * scale.batch()));
    return step -> {
      TokenWindows learned = target.windows(step).part(0, scale.batch() - old);
      TokenWindows known = source.windows(step).part(0, old);
      TokenWindows both =
          new TokenWindows(
              joined(known.tokens(), learned.tokens()),
              joined(known.targets(), learned.targets()),
              scale.batch(),
              scale.length());
      return model.objective(both.batch());
    };
  }

  private static int[] joined(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private TuningOutcome.Point point(int step, Tensor known) {
    return new TuningOutcome.Point(
        step,
        source.evaluate(scale.windows()),
        target.evaluate(scale.windows()),
        step == 0 ? 0 : Divergence.mean(known, logits()),
        step == 0 ? 0 : medianRank());
  }

  /** Logits on all held-out windows of the source text. */
  private Tensor logits() {
    return model.logits(texts.source().evaluation(scale.windows(), scale.length()).batch());
  }

  private double medianRank() {
    int[] ranks =
        maps().stream()
            .mapToInt(name -> Spectrum.of(change(name)).rankForEnergy(ENERGY))
            .sorted()
            .toArray();
    int middle = ranks.length / 2;
    return ranks.length % 2 == 1 ? ranks[middle] : (ranks[middle - 1] + ranks[middle]) / 2.0;
  }

  /** Linear maps of the layers, without {@code .weight}. */
  private List<String> maps() {
    List<String> maps = new ArrayList<>();
    for (String name : before.names()) {
      String map = name.replaceFirst("\\.weight$", "");
      if (Targets.ALL_LINEAR.matches(map)) {
        maps.add(map);
      }
    }
    return maps;
  }

  private Tensor after(String map) {
    return adapters != null && adapters.operators().containsKey(map)
        ? adapters.operators().get(map).toDense()
        : adapters != null ? before.get(map + ".weight") : model.parameters().get(map + ".weight");
  }

  /** The change of a map, in double: for adapters from their factors, without rounding. */
  private Tensor change(String map) {
    if (adapters != null
        && adapters.operators().containsKey(map)
        && !adapters.operators().get(map).parts().hasMagnitude()) {
      Tensor weight = before.get(map + ".weight").to(DType.F64);
      Tensor base = adapters.operators().get(map).base().toDense().to(DType.F64);
      Tensor update = adapters.operators().get(map).update().toDense().to(DType.F64);
      Tensor total = Arithmetic.subtract(base, weight);
      return Arithmetic.axpy(1, update, total);
    }
    return Arithmetic.subtract(after(map).to(DType.F64), before.get(map + ".weight").to(DType.F64));
  }

  private Map<String, TuningOutcome.MatrixChange> changes() {
    Map<String, TuningOutcome.MatrixChange> changes = new LinkedHashMap<>();
    for (String map : maps()) {
      Tensor weight = before.get(map + ".weight").to(DType.F64);
      Svd old = Svd.exact(weight);
      Tensor tuned = after(map).to(DType.F64);
      Svd now = Svd.exact(tuned);
      changes.put(
          map,
          new TuningOutcome.MatrixChange(
              weight.size(0),
              weight.size(1),
              Spectrum.of(change(map)).values(),
              Spectrum.of(weight).rankForEnergy(ENERGY),
              Spectrum.of(tuned).rankForEnergy(ENERGY),
              cosines(old, now)));
    }
    return changes;
  }

  /** {@code max_i |<u_j, u0_i>|} for the leading vectors (Shuttleworth et al. 2024). */
  private static double[] cosines(Svd old, Svd now) {
    int leading = Math.min(LEADING, now.rank());
    Tensor products = MatrixProduct.multiply(old.u().transpose(), now.u().slice(1, 0, leading));
    double[] cosines = new double[leading];
    for (int i = 0; i < products.size(0); i++) {
      for (int j = 0; j < leading; j++) {
        cosines[j] = Math.max(cosines[j], Math.abs(products.get(i, j)));
      }
    }
    return cosines;
  }
}
