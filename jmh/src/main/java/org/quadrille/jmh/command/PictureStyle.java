package org.quadrille.jmh.command;

import java.util.List;
import org.quadrille.cli.report.Svg;

/** What the pictures share: colours that stay with a library, letters, title, background. */
final class PictureStyle {
  /** Libraries in the order of their colours. */
  private static final List<String> COLOURED =
      List.of("quadrille", "openblas", "mkl", "ejml", "ojalgo", "netlib");

  private static final String STYLE_SHEET =
      """
      text { font: 12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #5b666c; }
      .page { fill: #ffffff; }
      .title { font-size: 16px; font-weight: 650; fill: #1d2326; }
      .panel { font-size: 13px; font-weight: 650; fill: #1d2326; }
      .ink { fill: #1d2326; }
      .grid { stroke: #e6e9e8; stroke-width: 1; }
      .base { stroke: #8b959a; stroke-width: 1; }
      .one { stroke: #1d2326; stroke-width: 1.2; }
      .peak { stroke: #6f7a80; stroke-width: 1.3; stroke-dasharray: 6 4; fill: none; }
      .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
      .ours { stroke-width: 3; }
      .s0 { stroke: #1f5fbf; } .s1 { stroke: #d9731a; } .s2 { stroke: #2f8f5b; } .s3 { stroke: #b4436c; }
      .s4 { stroke: #7a5fb5; } .s5 { stroke: #8a6d1e; } .s6 { stroke: #2b98a3; }
      .f0 { fill: #1f5fbf; } .f1 { fill: #d9731a; } .f2 { fill: #2f8f5b; } .f3 { fill: #b4436c; }
      .f4 { fill: #7a5fb5; } .f5 { fill: #8a6d1e; } .f6 { fill: #2b98a3; }
      .b { font-weight: 650; }
      """;

  private PictureStyle() {}

  /** A white page with a title and a line under it. */
  static Svg page(int width, int height, String title, String subtitle) {
    return Svg.standalone(width, height, title, STYLE_SHEET)
        .rectangle(0, 0, width, height, "page", "")
        .text(20, 26, "start", "title", title)
        .text(20, 45, "start", "", subtitle);
  }

  /** Number of the colour of a library. */
  static int colour(String library) {
    int index = COLOURED.indexOf(library);
    return index >= 0 ? index : COLOURED.size();
  }

  /** Name of a library as people write it. */
  static String name(String library) {
    return switch (library) {
      case "quadrille" -> "Quadrille";
      case "openblas" -> "OpenBLAS";
      case "mkl" -> "MKL";
      case "ejml" -> "EJML";
      case "ojalgo" -> "ojAlgo";
      default -> library;
    };
  }
}
