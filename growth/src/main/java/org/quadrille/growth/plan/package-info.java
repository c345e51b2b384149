/**
 * Growth plans for checkpoints: which tensor of a file is which part of a model, how it is stored,
 * and which maps grow it, written down in JSON.
 *
 * <p>A checkpoint is grown one kind of tensor at a time and written under the names it had; neither
 * the small nor the large model is in memory as a whole. Plans for BERT, RoBERTa, GPT-2, LLaMA, ViT
 * and DeiT come with the library; others are a JSON file or object.
 *
 * <p>Start with {@link org.quadrille.growth.plan.ModelPlan}, {@link
 * org.quadrille.growth.plan.PlannedModel} and {@link org.quadrille.growth.plan.CheckpointGrowth}.
 *
 * {@snippet :
 * try (Checkpoint file = Checkpoint.open(path)) {
 *   PlannedModel small = ModelPlan.named("gpt2").bind(WeightSource.of(file), config);
 *   Architecture large = TargetSizes.of(96, 4).apply(small.architecture());
 *   FixedGrowth growth = GrowthMethod.LOSSLESS.grow(small.architecture(), large, DType.F32, 1);
 *   new CheckpointGrowth(small, growth.operator()).writer().write(Path.of("large.safetensors"));
 * }
 * }
 *
 * <p>Papers: P. Wang et al., ICLR 2023 (LiGO, algorithm 1 and appendix B: which tensor grows how).
 */
package org.quadrille.growth.plan;
