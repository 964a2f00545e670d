package dev.genesysvault.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Metrics as a scraper reads them, in the text of Prometheus or of OpenMetrics; whatever is not
 * exactly in that form is refused, as is what is there twice.
 */
public final class Exposition {
  private final Map<String, String> helps = new HashMap<>();
  private final Map<Sample, Double> samples = new LinkedHashMap<>();

  /** One line's name and labels. */
  public record Sample(String name, Map<String, String> labels) {}

  private Exposition() {}

  /** Reads a whole text. */
  public static Exposition parse(String text) {
    var shown = new Exposition();
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the last line has no end");
    }
    for (var line : text.split("\n", -1)) {
      if (line.startsWith("# HELP ")) {
        var parts = line.split(" ", 4);
        if (shown.helps.put(parts[2], parts[3]) != null) {
          throw new IllegalArgumentException("twice: " + line);
        }
      } else if (!line.isEmpty() && !line.startsWith("# ")) {
        new Line(line, shown).read();
      }
    }
    return shown;
  }

  /** One line, read from left to right. */
  private static final class Line {
    private final String line;
    private final Exposition to;
    private int at;

    Line(String line, Exposition to) {
      this.line = line;
      this.to = to;
    }

    void read() {
      var name = word();
      var labels = new LinkedHashMap<String, String>();
      if (next() == '{') {
        at++;
        while (next() != '}') {
          var label = word();
          expect('=');
          if (labels.put(label, quoted()) != null) {
            throw wrong("a label twice");
          }
          if (next() == ',') {
            at++;
          }
        }
        expect('}');
      }
      expect(' ');
      var value = line.substring(at);
      double number = value.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
      if (to.samples.put(new Sample(name, Map.copyOf(labels)), number) != null) {
        throw wrong("a line twice");
      }
    }

    private char next() {
      if (at >= line.length()) {
        throw wrong("too short");
      }
      return line.charAt(at);
    }

    private void expect(char what) {
      if (next() != what) {
        throw wrong("no " + what);
      }
      at++;
    }

    private String word() {
      int begin = at;
      while (Character.isLetterOrDigit(next()) || next() == '_') {
        at++;
      }
      if (begin == at) {
        throw wrong("no name");
      }
      return line.substring(begin, at);
    }

    private String quoted() {
      expect('"');
      var text = new StringBuilder();
      while (next() != '"') {
        if (next() == '\\') {
          at++;
          text.append(
              switch (next()) {
                case 'n' -> '\n';
                case '"' -> '"';
                case '\\' -> '\\';
                default -> throw wrong("an unknown escape");
              });
        } else {
          text.append(next());
        }
        at++;
      }
      expect('"');
      return text.toString();
    }

    private IllegalArgumentException wrong(String why) {
      return new IllegalArgumentException("%s at %d: %s".formatted(why, at, line));
    }
  }

  /** Returns the value of the one line with exactly these labels, each as {@code name=value}. */
  public OptionalDouble value(String name, String... labels) {
    var wanted = new HashMap<String, String>();
    for (var label : labels) {
      int equals = label.indexOf('=');
      wanted.put(label.substring(0, equals), label.substring(equals + 1));
    }
    var value = samples.get(new Sample(name, wanted));
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Returns the sum of all lines of a name that have these labels, whatever else they have. */
  public double sum(String name, String... labels) {
    double sum = 0;
    for (var sample : samples.entrySet()) {
      var shown = sample.getKey();
      boolean fits =
          shown.name.equals(name)
              && List.of(labels).stream()
                  .allMatch(label -> {
                    int equals = label.indexOf('=');
                    return label
                        .substring(equals + 1)
                        .equals(shown.labels.get(label.substring(0, equals)));
                  });
      sum += fits ? sample.getValue() : 0;
    }
    return sum;
  }

  /** Returns the values of a label in all lines of a name. */
  public Set<String> values(String name, String label) {
    return samples.keySet().stream()
        .filter(sample -> sample.name.equals(name))
        .map(sample -> sample.labels.getOrDefault(label, ""))
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Returns the lines whose names begin so. */
  public List<Sample> family(String name) {
    return new ArrayList<>(
        samples.keySet().stream().filter(sample -> sample.name.startsWith(name)).toList());
  }

  /** Returns what a name is said to be for; empty for nothing. */
  public String help(String name) {
    return helps.getOrDefault(name, "");
  }

  /** Returns the names of all lines. */
  public Set<String> names() {
    return samples.keySet().stream()
        .map(Sample::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns how many lines there are. */
  public int size() {
    return samples.size();
  }
}
