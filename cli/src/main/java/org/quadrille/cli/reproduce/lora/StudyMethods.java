package org.quadrille.cli.reproduce.lora;

import java.util.List;
import org.quadrille.lowrank.adapter.AdapterConfig;
import org.quadrille.lowrank.adapter.AdapterForm;
import org.quadrille.lowrank.adapter.AdapterStart;
import org.quadrille.lowrank.adapter.Magnitude;
import org.quadrille.lowrank.adapter.ScaleRule;
import org.quadrille.lowrank.adapter.Targets;
import org.quadrille.optim.DecayRule;

/** The methods that the study compares. */
final class StudyMethods {
  private StudyMethods() {}

  /** What the claims about learning, forgetting and rank are judged by, small models. */
  static final List<TuningMethod> SMALL =
      List.of(
          TuningMethod.full(3e-3),
          TuningMethod.full(1e-3),
          TuningMethod.blocks(3e-3),
          TuningMethod.lora(16, 1e-2),
          TuningMethod.lora(4, 1e-2),
          TuningMethod.lora(4, 3e-3),
          TuningMethod.lora(1, 1e-2));

  /** The same for main models. */
  static final List<TuningMethod> MAIN =
      List.of(
          TuningMethod.full(3e-3),
          TuningMethod.full(1e-3),
          TuningMethod.lora(16, 1e-2),
          TuningMethod.lora(4, 1e-2),
          TuningMethod.lora(1, 1e-2),
          TuningMethod.lora(64, 5e-3),
          TuningMethod.blocks(1e-3),
          TuningMethod.full(3e-4),
          TuningMethod.lora(16, 3e-3));

  /** Further rates, small models. */
  static final List<TuningMethod> RATES =
      List.of(
          TuningMethod.full(1e-4),
          TuningMethod.full(3e-4),
          TuningMethod.full(1e-2),
          TuningMethod.full(3e-2),
          TuningMethod.lora(16, 1e-3),
          TuningMethod.lora(16, 3e-3),
          TuningMethod.lora(16, 3e-2),
          TuningMethod.lora(4, 3e-2),
          TuningMethod.lora(1, 3e-3),
          TuningMethod.lora(1, 3e-2));

  /** Other ways to forget less, on top of full finetuning at 3e-3. */
  static final List<TuningMethod> REGULARIZERS =
      List.of(
          full().decaying("weight decay 1", 1, DecayRule.PYTORCH),
          full().decaying("L2-SP 10", 10, DecayRule.TOWARDS_START),
          full().dropping("attention dropout 0.1", 0, 0.1),
          full().dropping("residual dropout 0.1", 0.1, 0),
          full().replaying("replay 1/16", 1.0 / 16),
          full().replaying("replay 1/4", 1.0 / 4));

  /** What adapters stand beside, and their scale. */
  static final List<TuningMethod> ABLATIONS =
      List.of(
          at16("LoRA 16 attention", lora().withTargets(Targets.ATTENTION)),
          at16("LoRA 16 MLP", lora().withTargets(Targets.FEEDFORWARD)),
          at16("LoRA 16 scale 1", lora().withScale(ScaleRule.ALPHA_OVER_RANK, 16)),
          at16("rsLoRA 16", lora().withScale(ScaleRule.ALPHA_OVER_ROOT_RANK, 32)));

  /** Variants at rank 16. */
  static final List<TuningMethod> VARIANTS =
      List.of(
          at16("DoRA 16", lora().withMagnitude(Magnitude.DETACHED)),
          at16("PiSSA 16", lora().withStart(AdapterStart.principal())),
          at16("OLoRA 16", lora().withStart(AdapterStart.orthonormal())),
          at16("MiLoRA 16", lora().withStart(AdapterStart.minor())),
          TuningMethod.adapted(
              "VeRA 64",
              3e-2,
              AdapterConfig.rank(64).withScale(ScaleRule.FIXED, 1).withForm(AdapterForm.VECTORS)));

  private static TuningMethod full() {
    return TuningMethod.full(3e-3);
  }

  private static AdapterConfig lora() {
    return AdapterConfig.rank(16);
  }

  private static TuningMethod at16(String name, AdapterConfig config) {
    return TuningMethod.adapted(name, 1e-2, config);
  }
}
