package org.quadrille.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quadrille.cli.check.CheckOutcome;
import org.quadrille.formats.JsonObject;
import org.quadrille.linalg.Tensor;
import org.quadrille.quant.Fisher;
import org.quadrille.quant.FisherFile;
import org.quadrille.transformer.Head;

/** Running a model before and after compression, and estimating what its weights matter. */
class CompressCheckTest {
  private static final String QUERY = "encoder.layer.0.attention.self.query.weight";
  @TempDir private Path folder;

  private Path model(Head head) throws IOException {
    return BertFixture.write(folder, head);
  }

  private CommandRun compress(Path model, Object... options) {
    Object[] all = new Object[options.length + 5];
    all[0] = "compress";
    all[1] = model;
    all[2] = "--json";
    all[3] = "--out";
    all[4] = folder.resolve("out");
    System.arraycopy(options, 0, all, 5, options.length);
    return CommandRun.of(all);
  }

  private JsonObject check(Path model, Object... options) throws IOException {
    CommandRun run = compress(model, options);
    assertEquals(0, run.status(), run.err());
    return run.json().object("check");
  }

  @Test
  void moreBitsKeepTheVectorsOfSentencesBetter() throws IOException {
    Path model = model(Head.NONE);
    JsonObject two = check(model, "--config", "nf2/64/fp8/256");
    JsonObject eight = check(model, "--config", "nf8/64/fp8/256", "--check");
    assertEquals("sentences", two.string("kind"));
    assertEquals(64, two.intValue("sentences"));
    assertTrue(eight.number("meanCosine") > two.number("meanCosine"), eight.toString());
    assertTrue(eight.number("meanCosine") > 0.999 && eight.number("meanCosine") <= 1.000001);
    assertTrue(two.number("leastCosine") <= two.number("meanCosine"));
  }

  @Test
  void lossOfHiddenWordsIsMeasuredBeforeAndAfter() throws IOException {
    JsonObject check = check(model(Head.MASKED_WORDS), "--config", "nf8/64/fp8/256", "--report");
    assertEquals("maskedWords", check.string("kind"));
    assertEquals(180, check.intValue("words"));
    assertEquals(check.number("lossBefore"), check.number("lossAfter"), 0.05);
    String page = Files.readString(folder.resolve("out/report.html"));
    assertTrue(page.contains("loss in nats of 180 hidden words"));
  }

  @Test
  void checkIsLeftOutOnDemandAndWhereItCannotBe() throws IOException {
    Path model = model(Head.NONE);
    CommandRun without = compress(model, "--config", "nf4/64/fp8/256", "--no-check");
    assertNull(without.json().get("check"));
    Files.delete(folder.resolve("vocab.txt"));
    assertNull(compress(model, "--config", "nf4/64/fp8/256").json().get("check"));
    CommandRun forced = compress(model, "--config", "nf4/64/fp8/256", "--check");
    assertEquals(1, forced.status());
    assertTrue(forced.err().contains("vocab.txt"), forced.err());
    CommandRun auto = compress(model, "--config", "nf4/64/fp8/256", "--fisher", "auto");
    assertEquals(1, auto.status());
    assertTrue(auto.err().contains("no tokenizer"), auto.err());
  }

  @Test
  void importancesAreEstimatedOnceAndLowerTheWeightedError() throws IOException {
    for (Head head : List.of(Head.NONE, Head.MASKED_WORDS)) {
      Path model = model(head);
      Object[] options = {
        "--config", "nf3/64/fp8/256", "--rank", 2, "--fisher", "auto", "--fisher-samples", 5
      };
      CommandRun first = compress(model, options);
      assertEquals(0, first.status(), first.err());
      List<Path> files;
      try (Stream<Path> list = Files.list(folder.resolve("out"))) {
        files = list.filter(f -> f.getFileName().toString().startsWith("fisher-")).toList();
      }
      Path file = files.getLast();
      Object written = Files.getLastModifiedTime(file);
      assertEquals(
          first.json().number("weightedError"),
          compress(model, options).json().number("weightedError"),
          0);
      assertEquals(written, Files.getLastModifiedTime(file));
      try (FisherFile matrices = FisherFile.open(file)) {
        assertEquals(12, matrices.names().size());
        Fisher query = matrices.read(QUERY, 32, 32);
        assertTrue(query.mean() > 0);
      }
      JsonObject plain = compress(model, "--config", "nf3/64/fp8/256", "--rank", 2).json();
      assertTrue(first.json().number("relativeError") >= plain.number("relativeError"));
      Files.delete(file);
    }
  }

  @Test
  void cosinesAreThoseOfRows() {
    Tensor before = Tensor.of(new double[] {1, 0, 0, 1, 0.6, 0.8}, 3, 2);
    CheckOutcome.Sentences same = CheckOutcome.Sentences.between(before, before);
    assertEquals(1, same.meanCosine(), 1e-15);
    assertEquals(1, same.sameNearest(), 0);
    Tensor after = Tensor.of(new double[] {1, 0, 1, 0, 0.6, 0.8}, 3, 2);
    CheckOutcome.Sentences changed = CheckOutcome.Sentences.between(before, after);
    assertEquals(2.0 / 3, changed.meanCosine(), 1e-15);
    assertEquals(0, changed.leastCosine(), 0);
    // nearest of 0: 2 -> 1; of 1: 2 -> 0; of 2: 1 -> 0, the first of two at the same angle
    assertEquals(0, changed.sameNearest(), 0);
  }
}
