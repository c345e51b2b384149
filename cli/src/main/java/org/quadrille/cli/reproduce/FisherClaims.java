package org.quadrille.cli.reproduce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.quadrille.cli.check.CheckOutcome;
import org.quadrille.cli.console.Console;
import org.quadrille.cli.console.Table;
import org.quadrille.cli.console.Units;
import org.quadrille.cli.input.ModelStore;
import org.quadrille.cli.reproduce.Claim.Verdict;
import org.quadrille.formats.JsonObject;

/**
 * The claims of LQ-LoRA about what a model computes, measured without training: on the sentence
 * vectors of all-MiniLM-L6-v2 and, beyond {@code --quick} and where the model is present, on the
 * loss of words that BERT-base has to guess.
 */
final class FisherClaims {
  /** A loss in nats above which nothing useful is left: perplexity 1000. */
  private static final double COLLAPSED = Math.log(1000);

  private static final String SENTENCES = "minilm";
  private static final String WORDS = "bert-base";

  private final Map<String, List<ModelStudy.Row>> rows = new LinkedHashMap<>();

  /** Runs the models that there are. */
  void measure(boolean quick, long seed, Console console) throws IOException, InterruptedException {
    ModelStore store = ModelStore.standard();
    Path minilm = store.find(SENTENCES, console);
    Path tokenizer = store.tokenizer(SENTENCES, console).orElse(null);
    double[] budgets = quick ? new double[] {2.5, 4} : new double[] {2.5, 3, 4};
    int samples = quick ? 32 : 128;
    rows.put(
        SENTENCES,
        new ModelStudy(SENTENCES, minilm, tokenizer, 8, samples, seed).run(budgets, console));
    Optional<Path> bert = quick ? Optional.empty() : store.present(WORDS);
    if (bert.isPresent()) {
      Path vocabulary = store.tokenizer(WORDS, console).orElse(null);
      rows.put(
          WORDS,
          new ModelStudy(WORDS, bert.get(), vocabulary, 16, 192, seed).run(budgets, console));
    }
  }

  /** One line for each method and budget. */
  Table table() {
    Table table =
        new Table()
            .text("model")
            .text("method")
            .number("budget")
            .number("bits in all")
            .number("error")
            .text("mean cosine or loss in nats");
    rows.forEach(
        (model, list) ->
            list.forEach(
                row ->
                    table.row(
                        model,
                        row.method(),
                        Units.fixed(row.budget(), 2),
                        Units.fixed(row.bits(), 3),
                        Units.fixed(row.relativeError(), 4),
                        Units.fixed(row.figure(), 4))));
    return table;
  }

  /** The rows by model. */
  JsonObject toJson() {
    JsonObject json = new JsonObject();
    rows.forEach(
        (model, list) -> json.put(model, list.stream().map(ModelStudy.Row::toJson).toList()));
    return json;
  }

  /** The claims, in the order of the paper. */
  List<Claim> claims() {
    List<Claim> claims = new ArrayList<>();
    rows.forEach((model, list) -> claims.add(weighting(model, list)));
    claims.add(collapse());
    return claims;
  }

  private static Claim weighting(String model, List<ModelStudy.Row> list) {
    boolean better = true;
    List<Double> leads = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < list.size(); i += 3) {
      ModelStudy.Row plain = list.get(i);
      ModelStudy.Row lq = list.get(i + 1);
      ModelStudy.Row fisher = list.get(i + 2);
      double[] lead = lq.lead(fisher);
      better &= lead[0] > 0;
      leads.add(lead[0]);
      words.add(
          String.format(
              Locale.ROOT,
              "%.1f bits: NF %.4f, LQ %.4f, LQ-Fisher %.4f%s",
              plain.budget(),
              plain.figure(),
              lq.figure(),
              fisher.figure(),
              Double.isNaN(lead[1])
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      " (lead %.3f, standard error %.3f%s)",
                      lead[0],
                      lead[1],
                      Math.abs(lead[0]) < 2 * lead[1] ? ": within the noise" : "")));
    }
    boolean mostAtLowest = leads.stream().allMatch(lead -> lead <= leads.getFirst());
    String what =
        switch (list.getFirst().outcome()) {
          case CheckOutcome.Sentences s ->
              model + ", mean cosine of " + s.sentences() + " sentence vectors to the original: ";
          case CheckOutcome.Words w ->
              String.format(
                  Locale.ROOT,
                  "%s, loss of %d hidden words (%.4f in single precision): ",
                  model,
                  w.before().count(),
                  w.before().loss());
        };
    return new Claim(
        "Weighted by the Fisher information, the decomposition is better where it counts, most at"
            + " the lowest bits",
        "tables 2 and 3; here without finetuning",
        "GLUE, RoBERTa-large at 2.5 bits: 87.3 against 85.7 without",
        what
            + String.join("; ", words)
            + (better && !mostAtLowest ? "; better throughout, but not most at the lowest" : ""),
        Verdict.of(better && mostAtLowest));
  }

  private Claim collapse() {
    String claim = "Mixed configurations without a low-rank part collapse at 2.5 bits";
    String expected = "C4 2996 against 10.0 with it (7B)";
    List<ModelStudy.Row> list = rows.get(WORDS);
    if (list == null) {
      return new Claim(
          claim,
          "table 1",
          expected,
          "nothing: it takes a language model; run without --quick after quadrille compress"
              + " bert-base has obtained one",
          Verdict.NOT_MEASURED);
    }
    double without = list.get(0).figure();
    double with = list.get(1).figure();
    return new Claim(
        claim,
        "table 1; here without finetuning",
        expected,
        String.format(
            Locale.ROOT,
            "bert-base: perplexity of hidden words %.1f against %.1f with rank 16 (collapse: above"
                + " 1000)",
            Math.exp(without),
            Math.exp(with)),
        Verdict.of(without > COLLAPSED && with < COLLAPSED));
  }
}
