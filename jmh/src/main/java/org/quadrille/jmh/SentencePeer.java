package org.quadrille.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.quadrille.kernels.cpu.WorkerPool;
import org.quadrille.linalg.Tensor;
import org.quadrille.transformer.models.SentenceEncoder;

/** A library that turns token sequences into unit vectors, means of the last hidden states. */
interface SentencePeer {
  /** The vectors of sequences, in their order. */
  float[][] encode(List<int[]> sequences);

  /** This library. */
  static SentencePeer quadrille(SentenceEncoder encoder, int threads) {
    WorkerPool pool = WorkerPool.of(threads);
    return sequences -> {
      float[][] rows = new float[sequences.size()][];
      pool.run(
          () -> {
            Tensor vectors = encoder.encodeTokens(sequences);
            for (int i = 0; i < rows.length; i++) {
              rows[i] = vectors.row(i).toFloats();
            }
          });
      return rows;
    };
  }

  /** ONNX Runtime with all optimizations of the graph. */
  static SentencePeer onnxRuntime(Path model, int threads, int mostTokens) throws IOException {
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(threads);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      return new OnnxRuntime(
          environment, environment.createSession(model.toString(), options), mostTokens);
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime cannot open " + model, e);
    }
  }

  /**
   * The model in ONNX Runtime; the same batches of similar length as in this library.
   *
   * @param environment of the process
   * @param session holds the model
   * @param mostTokens in a batch, padding included
   */
  record OnnxRuntime(OrtEnvironment environment, OrtSession session, int mostTokens)
      implements SentencePeer {

    @Override
    public float[][] encode(List<int[]> sequences) {
      List<Integer> order =
          IntStream.range(0, sequences.size())
              .boxed()
              .sorted(Comparator.comparingInt(i -> -sequences.get(i).length))
              .toList();
      float[][] vectors = new float[sequences.size()][];
      for (int from = 0; from < order.size(); ) {
        int length = sequences.get(order.get(from)).length;
        int count = Math.clamp(mostTokens / length, 1, order.size() - from);
        List<Integer> chosen = order.subList(from, from + count);
        float[][] batch = encode(i -> sequences.get(chosen.get(i)), count, length);
        for (int i = 0; i < count; i++) {
          vectors[chosen.get(i)] = batch[i];
        }
        from += count;
      }
      return vectors;
    }

    private float[][] encode(IntFunction<int[]> sequence, int count, int length) {
      long[] ids = new long[count * length];
      long[] mask = new long[ids.length];
      for (int i = 0; i < count; i++) {
        int[] tokens = sequence.apply(i);
        for (int j = 0; j < tokens.length; j++) {
          ids[i * length + j] = tokens[j];
          mask[i * length + j] = 1;
        }
      }
      long[] shape = {count, length};
      try (OnnxTensor words = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
          OnnxTensor visible = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
          OnnxTensor types =
              OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[ids.length]), shape);
          OrtSession.Result result =
              session.run(
                  Map.of("input_ids", words, "attention_mask", visible, "token_type_ids", types))) {
        FloatBuffer hidden = ((OnnxTensor) result.get(0)).getFloatBuffer();
        int width = hidden.remaining() / ids.length;
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
          vectors[i] = mean(hidden, i * length, sequence.apply(i).length, width);
        }
        return vectors;
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime failed", e);
      }
    }

    /** The mean of rows, of norm 1. */
    private static float[] mean(FloatBuffer hidden, int first, int rows, int width) {
      float[] sums = new float[width];
      for (int i = first; i < first + rows; i++) {
        for (int j = 0; j < width; j++) {
          sums[j] += hidden.get(i * width + j);
        }
      }
      double square = 0;
      for (float sum : sums) {
        square += sum * sum;
      }
      for (int j = 0; j < width; j++) {
        sums[j] /= (float) Math.sqrt(square);
      }
      return sums;
    }
  }
}
