package org.quadrille.growth.plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.quadrille.formats.SafetensorsWriter;
import org.quadrille.linalg.DType;
import org.quadrille.linalg.Tensor;
import org.quadrille.linalg.Tensors;
import org.quadrille.transformer.Activation;
import org.quadrille.transformer.Architecture;
import org.quadrille.transformer.Head;
import org.quadrille.transformer.Transformer;

/** Small random models under the names of published families, written tensor by tensor. */
public final class StoredModels {
  private StoredModels() {}

  static Architecture bert(Head head) {
    return Architecture.bert(23, 12, 16, 4, 2).withHead(head);
  }

  public static Architecture gpt() {
    return Architecture.gpt(19, 10, 16, 4, 2);
  }

  static Architecture llama() {
    return Architecture.llama(17, 20, 16, 4, 2, 2, 24).withEpsilon(1e-6);
  }

  static Architecture vit() {
    return new Architecture(
        0,
        5,
        0,
        16,
        4,
        4,
        4,
        2,
        32,
        true,
        true,
        1e-12,
        Activation.GELU,
        0,
        false,
        true,
        Head.NONE,
        3,
        false,
        12);
  }

  /** Weights of the size of trained ones, so that everything matters. */
  public static Tensors random(Architecture architecture, DType dtype, long seed) {
    Tensors weights = Transformer.random(architecture, dtype, seed).parameters();
    Random random = new Random(seed);
    weights.forEach(
        (name, tensor) -> {
          Tensor flat = tensor.reshape(tensor.length());
          for (int i = 0; i < flat.length(); i++) {
            flat.set(flat.get(i) + 0.2 * random.nextGaussian(), i);
          }
        });
    return weights;
  }

  /** Writes weights under the names of a BERT. */
  static Path bert(Path path, Tensors weights, String prefix) throws IOException {
    return write(path, renamed(weights, StoredModels::bertName, prefix, "masked", "classifier"));
  }

  private static String bertName(String name) {
    return name.replaceFirst("^embeddings.token", "embeddings.word_embeddings")
        .replaceFirst("^embeddings.position", "embeddings.position_embeddings")
        .replaceFirst("^embeddings.type", "embeddings.token_type_embeddings")
        .replaceFirst("^embeddings.norm", "embeddings.LayerNorm")
        .replaceFirst("^layers", "encoder.layer")
        .replaceFirst("attention.(query|key|value)", "attention.self.$1")
        .replaceFirst("attention.output", "attention.output.dense")
        .replaceFirst("attention.norm", "attention.output.LayerNorm")
        .replaceFirst("feedforward.up", "intermediate.dense")
        .replaceFirst("feedforward.down", "output.dense")
        .replaceFirst("feedforward.norm", "output.LayerNorm")
        .replaceFirst("^masked.dense", "cls.predictions.transform.dense")
        .replaceFirst("^masked.norm", "cls.predictions.transform.LayerNorm")
        .replaceFirst("^masked.bias", "cls.predictions.bias");
  }

  /** Writes weights under the names of GPT-2: fused, and matrices turned. */
  public static Path gpt(Path path, Tensors weights, int layers) throws IOException {
    Tensors stored = Tensors.empty();
    stored.put("wte.weight", weights.get("embeddings.token.weight"));
    stored.put("wpe.weight", weights.get("embeddings.position.weight"));
    for (int l = 0; l < layers; l++) {
      String from = "layers." + l + ".";
      String to = "h." + l + ".";
      for (String kind : List.of("weight", "bias")) {
        List<Tensor> parts = new ArrayList<>();
        for (String part : List.of("query", "key", "value")) {
          parts.add(weights.get(from + "attention." + part + "." + kind));
        }
        stored.put(to + "attn.c_attn." + kind, turned(below(parts)));
        stored.put(
            to + "attn.c_proj." + kind, turned(weights.get(from + "attention.output." + kind)));
        stored.put(to + "mlp.c_fc." + kind, turned(weights.get(from + "feedforward.up." + kind)));
        stored.put(
            to + "mlp.c_proj." + kind, turned(weights.get(from + "feedforward.down." + kind)));
        stored.put(to + "ln_1." + kind, weights.get(from + "attention.norm." + kind));
        stored.put(to + "ln_2." + kind, weights.get(from + "feedforward.norm." + kind));
      }
    }
    stored.put("ln_f.weight", weights.get("final.norm.weight"));
    stored.put("ln_f.bias", weights.get("final.norm.bias"));
    return write(path, stored);
  }

  static Path llama(Path path, Tensors weights) throws IOException {
    Map<String, String> parts =
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
    Tensors stored = Tensors.empty();
    weights.forEach(
        (name, tensor) -> {
          String to =
              name.replace("embeddings.token", "embed_tokens").replace("final.norm", "norm");
          for (Map.Entry<String, String> part : parts.entrySet()) {
            to = to.replaceFirst("(\\d)\\." + part.getKey() + "\\.", "$1." + part.getValue() + ".");
          }
          stored.put(name.startsWith("head") ? "lm_head.weight" : "model." + to, tensor);
        });
    return write(path, stored);
  }

  /** Writes weights under the names of ViT: a convolution of 3 channels and 2 x 2 pixels. */
  static Path vit(Path path, Tensors weights) throws IOException {
    Tensors stored = Tensors.empty();
    weights.forEach(
        (name, tensor) -> {
          String to =
              name.replaceFirst("^patches", "embeddings.patch_embeddings.projection")
                  .replaceFirst("^layers", "encoder.layer")
                  .replaceFirst("attention.(query|key|value)", "attention.attention.$1")
                  .replaceFirst("attention.output", "attention.output.dense")
                  .replaceFirst("attention.norm", "layernorm_before")
                  .replaceFirst("feedforward.up", "intermediate.dense")
                  .replaceFirst("feedforward.down", "output.dense")
                  .replaceFirst("feedforward.norm", "layernorm_after")
                  .replaceFirst("^final.norm", "layernorm");
          int[] shape = tensor.shape();
          switch (name) {
            case "class.token" ->
                stored.put("vit.embeddings.cls_token", tensor.reshape(1, 1, shape[0]));
            case "embeddings.position.weight" ->
                stored.put(
                    "vit.embeddings.position_embeddings", tensor.reshape(1, shape[0], shape[1]));
            case "patches.weight" -> stored.put("vit." + to, tensor.reshape(shape[0], 3, 2, 2));
            default -> stored.put(to.startsWith("classifier") ? to : "vit." + to, tensor);
          }
        });
    return write(path, stored);
  }

  static Path write(Path path, Tensors stored) throws IOException {
    new SafetensorsWriter().addAll(stored).write(path);
    return path;
  }

  private static Tensors renamed(
      Tensors weights,
      java.util.function.UnaryOperator<String> spelling,
      String prefix,
      String... outside) {
    Tensors stored = Tensors.empty();
    weights.forEach(
        (name, tensor) -> {
          boolean head = Arrays.stream(outside).anyMatch(name::startsWith);
          stored.put((head ? "" : prefix) + spelling.apply(name), tensor);
        });
    return stored;
  }

  private static Tensor turned(Tensor x) {
    return x.rank() == 2 ? x.transpose().contiguous() : x;
  }

  private static Tensor below(List<Tensor> parts) {
    int[] shape = parts.getFirst().shape();
    shape[0] *= parts.size();
    Tensor whole = Tensor.zeros(parts.getFirst().dtype(), shape);
    int at = 0;
    for (Tensor part : parts) {
      whole.slice(0, at, at + part.size(0)).assign(part);
      at += part.size(0);
    }
    return whole;
  }
}
