package org.quadrille.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quadrille zernike}: a group of commands. */
@Command(
    name = "zernike",
    description = "Zernike polynomials: nodes and weights, values, integrals, transforms, fits.",
    subcommands = {
      ZernikeNodesCommand.class,
      ZernikeEvalCommand.class,
      ZernikeIntegrateCommand.class,
      ZernikeTransformCommand.class,
      ZernikeFitCommand.class,
      ZernikePlotCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  quadrille zernike nodes --n 20 --azimuthal 3",
      "  quadrille zernike integrate --degree 60 --function \"exp(x) * cos(9*y)\"",
      "  quadrille zernike fit --in points.csv --degree 6 --norm",
      "  quadrille zernike plot --degree 6 --index noll --out modes.svg"
    })
final class ZernikeCommand implements Runnable {
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
