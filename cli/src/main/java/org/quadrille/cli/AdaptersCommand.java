package org.quadrille.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quadrille adapters}: a group of commands. */
@Command(
    name = "adapters",
    description =
        "Low-rank updates of models: spectra of what training changed, extraction, merging,"
            + " recompression, intruder dimensions.",
    subcommands = {
      AdaptersSpectrumCommand.class,
      AdaptersExtractCommand.class,
      AdaptersMergeCommand.class,
      AdaptersUnmergeCommand.class,
      AdaptersRecompressCommand.class,
      AdaptersIntrudersCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  quadrille adapters spectrum bge-small e5-small --out ranks --report",
      "  quadrille adapters extract bge-small e5-small --rank 16 --out adapter",
      "  quadrille adapters merge bge-small adapter --out merged.safetensors",
      "  quadrille adapters recompress first second --weights 1,-0.5 --energy 0.99 --out sum",
      "",
      "Adapters are folders as the PEFT library writes them: adapter_model.safetensors and",
      "adapter_config.json."
    })
final class AdaptersCommand implements Runnable {
  @Spec private CommandSpec command;

  @Override
  public void run() {
    throw new ParameterException(
        command.commandLine(),
        "no job given; there is "
            + command.subcommands().keySet().stream()
                .filter(name -> !name.equals("help"))
                .collect(Collectors.joining(", ")));
  }
}
