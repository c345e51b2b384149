/**
 * Adapter folders of the PEFT library of Hugging Face: {@code adapter_model.safetensors} and {@code
 * adapter_config.json}, read, written, merged.
 *
 * <p>Start with {@link org.quadrille.lowrank.peft.PeftFolder}.
 */
package org.quadrille.lowrank.peft;
