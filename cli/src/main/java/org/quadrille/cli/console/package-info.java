/**
 * What every command shares: where output goes, global options, tables, progress, errors and the
 * record of a run.
 *
 * <p>Start with {@link org.quadrille.cli.console.Console}: human-readable text and the one JSON
 * document go to standard output, progress goes to standard error and only when that is a terminal.
 * {@link org.quadrille.cli.console.GlobalOptions} holds the options that all commands understand,
 * {@link org.quadrille.cli.console.CommandFailure} is an error that is told to the user in one
 * line.
 *
 * {@snippet :
 * Table table = new Table().text("matrix").number("relative error");
 * table.row("encoder.layer.0.attention.self.query.weight", "0.1748");
 * console.print(table);
 * }
 */
package org.quadrille.cli.console;
