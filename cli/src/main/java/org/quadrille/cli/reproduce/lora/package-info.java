/**
 * What low-rank adapters learn and forget beside full finetuning: a language model of one text is
 * finetuned on another in many ways, and judged on both (Biderman et al., "LoRA Learns Less and
 * Forgets Less", 2024).
 *
 * <p>Start with {@link org.quadrille.cli.reproduce.lora.LoraReproduction}; {@link
 * org.quadrille.cli.reproduce.lora.TuningRunner} makes the runs, {@link
 * org.quadrille.cli.reproduce.lora.TuningMethod} says how one finetunes.
 */
package org.quadrille.cli.reproduce.lora;
