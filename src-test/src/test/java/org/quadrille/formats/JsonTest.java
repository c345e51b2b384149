package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void readsEveryKindOfValue() throws FormatException {
    JsonObject object =
        Json.parseObject(
            " {\"text\":\"a\",\"whole\":-12,\"number\":2.5,\"yes\":true,\"no\":false,"
                + "\"nothing\":null,\"list\":[1,\"b\",[]],\"inner\":{\"x\":1e2}} \t\r\n");
    assertEquals("a", object.string("text"));
    assertEquals(-12, object.integer("whole"));
    assertEquals(-12.0, object.number("whole"));
    assertEquals(2.5, object.number("number"));
    assertTrue(object.bool("yes"));
    assertTrue(!object.bool("no"));
    assertTrue(object.has("nothing"));
    assertNull(object.get("nothing"));
    assertEquals(Arrays.asList(1L, "b", List.of()), object.array("list"));
    assertEquals(100.0, object.object("inner").number("x"));
    assertEquals(
        List.of("text", "whole", "number", "yes", "no", "nothing", "list", "inner"),
        List.copyOf(object.members().keySet()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-1, -1",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void wholeNumbersOf64BitsAreLongs(String text, long expected) throws FormatException {
    assertEquals(expected, Json.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "-9223372036854775809",
        "1.0",
        "1e3",
        "1E+3",
        "1e-3",
        "0.5e0",
        "123456789012345678901234567890",
        "1.7976931348623157e308",
        "4.9e-324",
        "0e1",
        "1e-400"
      })
  void otherNumbersAreDoubles(String text) throws FormatException {
    assertEquals(Double.parseDouble(text), Json.parse(text));
  }

  @Test
  void negativeZeroKeepsItsSign() throws FormatException {
    assertEquals(-0.0, Json.parse("-0"));
    assertEquals(-0.0, Json.parse("-0.0"));
  }

  @Test
  void readsEscapes() throws FormatException {
    assertEquals("\"\\/\b\f\n\r\t", Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""));
    assertEquals("\u00e9\u0000\uffff", Json.parse("\"\\u00e9\\u0000\\uFFFF\""));
    assertEquals("\ud83d\ude00", Json.parse("\"\\uD83D\\uDE00\""));
    assertEquals("\ud83d\ude00", Json.parse("\"\ud83d\ude00\""));
    assertEquals("\u007f\u2028", Json.parse("\"\u007f\u2028\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "\"",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{,}",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":}",
        "]",
        "}",
        "[}",
        "{]",
        "[1]]",
        "1 2",
        "tru",
        "True",
        "TRUE",
        "nul",
        "NaN",
        "Infinity",
        "-Infinity",
        "+1",
        "01",
        "-01",
        "00",
        ".5",
        "1.",
        "-",
        "-.5",
        "1e",
        "1e+",
        "1.e1",
        "0x10",
        "1_000",
        "1,5",
        "'a'",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\U0041\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"\u0000\"",
        "\"\\\"",
        "\"\\",
        "\"\\u",
        "\"\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\udc00\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud800\\ud800\"",
        "\"\ud800\"",
        "\"\udc00\"",
        "// c\n1",
        "/* c */1",
        "[1]//",
        "\ufeff1",
        "\u00a01",
        "\u000b1",
        "1\u0000",
        "1e309",
        "-1e309",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "\"\\u\uff11\uff12\uff13\uff14\"",
        "\u0661",
        "nan",
        "[1,,2]",
        "[:]"
      })
  void rejectsWhatIsNotJson(String text) {
    FormatException e = assertThrows(FormatException.class, () -> Json.parse(text));
    assertTrue(e.getMessage().startsWith("JSON: character "), e.getMessage());
  }

  @Test
  void rejectsDeepNestingWithoutStackOverflow() throws FormatException {
    String deepest = "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH);
    Object value = Json.parse(deepest);
    assertEquals(deepest, Json.write(value));
    assertThrows(FormatException.class, () -> Json.parse("[" + deepest + "]"));
    assertThrows(FormatException.class, () -> Json.parse("[".repeat(1_000_000)));
    assertThrows(FormatException.class, () -> Json.parse("{\"a\":".repeat(100_000)));
    assertThrows(IllegalArgumentException.class, () -> Json.write(List.of(value)));
  }

  @Test
  void longTextIsReadInLinearTime() throws FormatException {
    String text = "[" + "\"\\n\u00e9\",1.25,".repeat(100_000) + "0]";
    assertEquals(200_001, ((List<?>) Json.parse(text)).size());
    String digits = "9".repeat(100_000);
    assertThrows(FormatException.class, () -> Json.parse(digits));
    assertEquals(Double.class, Json.parse("0." + digits).getClass());
  }

  @Test
  void gettersNameTheKeyAndWhatWasFound() throws FormatException {
    JsonObject object = Json.parseObject("{\"a\":\"x\",\"b\":1.5,\"c\":[1,null],\"d\":5000000000}");
    assertMessage(object, "a", "a string", o -> o.integer("a"));
    assertMessage(object, "b", "1.5", o -> o.integer("b"));
    assertMessage(object, "c", "[1] is null", o -> o.integers("c"));
    assertMessage(object, "c", "[1] is null", o -> o.numbers("c"));
    assertMessage(object, "d", "5000000000", o -> o.intValue("d"));
    assertMessage(object, "missing", "is missing", o -> o.string("missing"));
    assertThrows(FormatException.class, () -> Json.parseObject("[]"));
  }

  private interface Getter {
    Object get(JsonObject object) throws FormatException;
  }

  private static void assertMessage(JsonObject object, String key, String found, Getter getter) {
    String message = assertThrows(FormatException.class, () -> getter.get(object)).getMessage();
    assertTrue(message.contains("\"" + key + "\"") && message.contains(found), message);
  }

  @Test
  void errorsInFilesNameTheFile(@TempDir Path folder) throws IOException {
    Path good = Files.writeString(folder.resolve("good.json"), "{\"a\":1}");
    assertEquals(1, Json.read(good).integer("a"));
    Path bad = Files.writeString(folder.resolve("bad.json"), "{\"a\":}");
    assertEquals(bad, assertThrows(FormatException.class, () -> Json.read(bad)).path().get());
    Path binary = Files.write(folder.resolve("binary.json"), new byte[] {'"', (byte) 0xFF, '"'});
    assertEquals(binary, assertThrows(FormatException.class, () -> Json.read(binary)).path().get());
  }
}
