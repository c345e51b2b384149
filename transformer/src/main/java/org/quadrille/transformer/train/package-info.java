/**
 * Training of transformers on text: the loop with schedule, clipping, evaluation and checkpoints,
 * which stops and resumes with the same bits.
 *
 * <p>Start with {@link org.quadrille.transformer.train.Trainer} (the loop, for any objective),
 * {@link org.quadrille.transformer.train.TextTask} (batches of text for a model) and {@link
 * org.quadrille.transformer.train.ModelFile} (weights, architecture and tokenizer in one file).
 *
 * {@snippet :
 * Transformer model = Transformer.random(Architecture.gpt(tokenizer.size(), 64, 64, 4, 2), DType.F32, 1);
 * TextTask task = TextTask.nextToken(model, data, 16, 64, 1);
 * Trainer trainer =
 *     new Trainer(
 *         model.parameters(),
 *         task,
 *         new Adam(ParameterGroups.of(3e-3, 0.1, DecayRule.PYTORCH)),
 *         TrainingPlan.of(900).withSchedule(Schedule.cosine(90, 900, 0.01)).withClipping(1));
 * TrainingHistory history = trainer.run();
 * double loss = task.evaluate(64);
 * }
 */
package org.quadrille.transformer.train;
