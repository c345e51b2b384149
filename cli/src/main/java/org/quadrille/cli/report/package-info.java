/**
 * Self-contained HTML pages with charts drawn as inline SVG: no script, no network, readable in
 * light and dark.
 *
 * <p>Start with {@link org.quadrille.cli.report.ReportPage}, which takes sections of text, charts
 * and tables and renders one file. Charts are {@link org.quadrille.cli.report.BarChart} and {@link
 * org.quadrille.cli.report.LineChart}; both draw into a {@link org.quadrille.cli.report.Plot},
 * which owns the axes. Every mark carries its numbers as a tooltip.
 *
 * {@snippet :
 * var chart = new LineChart("Objective", "iteration", "relative error").line("query", x, y);
 * String html = new ReportPage("Compression").section("Convergence", "", chart.render()).render();
 * }
 */
package org.quadrille.cli.report;
