package org.quadrille.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Property(tries = 300)
  void anyDocumentSurvives(@ForAll long seed) throws FormatException {
    Object value = document(new SplittableRandom(seed), 4);
    assertEquals(value, Json.parse(Json.write(value)));
    assertEquals(value, Json.parse(Json.writeIndented(value)));
  }

  @Property(tries = 1000)
  void everyFiniteNumberSurvives(@ForAll double twice, @ForAll float single, @ForAll long bits)
      throws FormatException {
    assertSurvives(twice);
    assertSurvives(Double.longBitsToDouble(bits));
    assertEquals(bits, Json.parse(Json.write(bits)));
    String text = Json.write(single);
    assertEquals(single, Float.parseFloat(text));
    assertTrue(text.replaceAll("E.*|[^0-9]", "").length() <= 10, text);
  }

  private static void assertSurvives(double value) throws FormatException {
    if (Double.isFinite(value)) {
      assertEquals(value, Json.parse(Json.write(value)));
    }
  }

  @Property(tries = 300)
  void anyTextSurvives(@ForAll String text) throws FormatException {
    boolean isUnicode = text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (isUnicode) {
      assertEquals(text, Json.parse(Json.write(text)));
    } else {
      assertThrows(IllegalArgumentException.class, () -> Json.write(text));
    }
  }

  private static Object document(SplittableRandom random, int depth) {
    switch (random.nextInt(depth == 0 ? 6 : 8)) {
      case 0:
        return null;
      case 1:
        return random.nextBoolean();
      case 2:
        return random.nextLong();
      case 3:
        return random.nextGaussian() * Math.scalb(1.0, random.nextInt(-900, 900));
      case 4:
        return "";
      case 5:
        return "t\u00e9xt \"\\\u0001\ud83d\ude00" + random.nextInt();
      case 6:
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(document(random, depth - 1));
        }
        return list;
      default:
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.put("k\n" + i, document(random, depth - 1));
        }
        return object;
    }
  }

  @Test
  void writesArraysMapsAndEnums() {
    JsonObject object =
        new JsonObject()
            .put("ints", new int[] {1, 2})
            .put("floats", new float[] {0.1f})
            .put("rows", new double[][] {{1.5}, {}})
            .put("texts", new String[] {"a", null})
            .put("map", Map.of("k", true))
            .put("type", ElementType.F32);
    assertEquals(
        "{\"ints\":[1,2],\"floats\":[0.1],\"rows\":[[1.5],[]],\"texts\":[\"a\",null],"
            + "\"map\":{\"k\":true},\"type\":\"F32\"}",
        Json.write(object));
  }

  @Test
  void indentsMembersAndKeepsPlainArraysOnOneLine() {
    JsonObject object =
        new JsonObject()
            .put("objective", List.of(1.5, 2))
            .put("rows", List.of(new JsonObject().put("a", 1), new JsonObject()))
            .put("none", List.of());
    assertEquals(
        """
        {
          "objective": [1.5, 2],
          "rows": [
            {
              "a": 1
            },
            {}
          ],
          "none": []
        }
        """,
        Json.writeIndented(object));
  }

  @Test
  void rejectsWhatJsonCannotSay() {
    for (Object value :
        new Object[] {
          Double.NaN, Float.POSITIVE_INFINITY, new double[] {Double.NaN}, new Object()
        }) {
      assertThrows(IllegalArgumentException.class, () -> Json.write(value));
    }
    assertThrows(IllegalArgumentException.class, () -> Json.write(Arrays.asList("\ud800", 1)));
  }

  @Test
  void rejectsCallsOutOfOrder() {
    assertThrows(IllegalStateException.class, () -> writer().beginObject().value(1));
    assertThrows(IllegalStateException.class, () -> writer().beginArray().name("a"));
    assertThrows(IllegalStateException.class, () -> writer().beginArray().endObject());
    assertThrows(IllegalStateException.class, () -> writer().beginObject().name("a").endObject());
    assertThrows(IllegalStateException.class, () -> writer().value(1).value(2));
    assertThrows(IllegalStateException.class, () -> writer().endArray());
  }

  private static JsonWriter writer() {
    return new JsonWriter(new StringBuilder());
  }
}
