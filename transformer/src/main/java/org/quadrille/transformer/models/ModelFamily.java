package org.quadrille.transformer.models;

import java.util.Map;

/** A way to name the parameters of a transformer. */
public enum ModelFamily {
  /** Hugging Face names of BERT, which ONNX files of sentence encoders keep. */
  BERT("embeddings.word_embeddings.weight"),
  /** The TensorFlow names of Google's BERT; matrices are [in, out] in the file. */
  BERT_TENSORFLOW("embeddings/word_embeddings"),
  /** Hugging Face names of GPT-2: matrices are [in, out], query, key and value one matrix. */
  GPT2("wte.weight"),
  /** Hugging Face names of LLaMA. */
  LLAMA("embed_tokens.weight");

  private static final Map<String, String> BERT_LAYER =
      Map.of(
          "attention.query", "attention.self.query",
          "attention.key", "attention.self.key",
          "attention.value", "attention.self.value",
          "attention.output", "attention.output.dense",
          "attention.norm", "attention.output.LayerNorm",
          "feedforward.up", "intermediate.dense",
          "feedforward.down", "output.dense",
          "feedforward.norm", "output.LayerNorm");

  private static final Map<String, String> GPT2_LAYER =
      Map.of(
          "attention.query", "attn.c_attn",
          "attention.key", "attn.c_attn",
          "attention.value", "attn.c_attn",
          "attention.output", "attn.c_proj",
          "attention.norm", "ln_1",
          "feedforward.up", "mlp.c_fc",
          "feedforward.down", "mlp.c_proj",
          "feedforward.norm", "ln_2");

  private static final Map<String, String> LLAMA_LAYER =
      Map.of(
          "attention.query", "self_attn.q_proj",
          "attention.key", "self_attn.k_proj",
          "attention.value", "self_attn.v_proj",
          "attention.output", "self_attn.o_proj",
          "attention.norm", "input_layernorm",
          "feedforward.up", "mlp.up_proj",
          "feedforward.gate", "mlp.gate_proj",
          "feedforward.down", "mlp.down_proj",
          "feedforward.norm", "post_attention_layernorm");

  private static final Map<String, String> BERT_REST =
      Map.of(
          "embeddings.token", "embeddings.word_embeddings",
          "embeddings.position", "embeddings.position_embeddings",
          "embeddings.type", "embeddings.token_type_embeddings",
          "embeddings.norm", "embeddings.LayerNorm",
          "pooler", "pooler.dense",
          "masked.dense", "cls.predictions.transform.dense",
          "masked.norm", "cls.predictions.transform.LayerNorm",
          "masked", "cls.predictions",
          "classifier", "classifier");

  private static final Map<String, String> GPT2_REST =
      Map.of(
          "embeddings.token", "wte",
          "embeddings.position", "wpe",
          "final.norm", "ln_f",
          "head", "lm_head");

  private static final Map<String, String> LLAMA_REST =
      Map.of("embeddings.token", "embed_tokens", "final.norm", "norm", "head", "lm_head");

  private final String marker;

  ModelFamily(String marker) {
    this.marker = marker;
  }

  /** The end of the name of the token embedding, by which a file of the family is known. */
  String marker() {
    return marker;
  }

  /** What stands for {@code layers.L.} in the names of the family. */
  String layer(int index) {
    return switch (this) {
      case BERT, BERT_TENSORFLOW -> "encoder.layer." + index + ".";
      case GPT2 -> "h." + index + ".";
      case LLAMA -> "layers." + index + ".";
    };
  }

  /** Names of the parts of a layer by canonical name. */
  Map<String, String> layerParts() {
    return switch (this) {
      case BERT, BERT_TENSORFLOW -> BERT_LAYER;
      case GPT2 -> GPT2_LAYER;
      case LLAMA -> LLAMA_LAYER;
    };
  }

  /** Names of everything outside of layers by canonical name. */
  Map<String, String> otherParts() {
    return switch (this) {
      case BERT, BERT_TENSORFLOW -> BERT_REST;
      case GPT2 -> GPT2_REST;
      case LLAMA -> LLAMA_REST;
    };
  }
}
