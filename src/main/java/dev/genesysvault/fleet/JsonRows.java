package dev.genesysvault.fleet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a JSON list of objects, whose members are the columns. */
final class JsonRows implements Rows {
  private static final int DEEPEST = 10;

  /** What the parser says of a text quotes it, and so may quote a secret. */
  private static final String NO_JSON =
      "it is no JSON from here on; must be a list of objects such as {\"client_id\": \"…\", \"client_secret\": \"…\", \"name\": \"…\"}";

  private final JsonParser parser;
  private final Set<String> columns = new HashSet<>();
  private boolean begun;

  /**
   * Reads from there on.
   *
   * @param input whoever opened it closes it
   */
  JsonRows(InputStream input) throws IOException {
    var factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxStringLength(FleetList.LONGEST_LINE)
                    .maxNameLength(FleetList.LONGEST_LINE)
                    .maxNestingDepth(DEEPEST)
                    .build())
            .build();
    this.parser = factory.createParser(input);
  }

  @Override
  public Optional<Row> next() throws IOException, UnusableListException {
    try {
      if (!begun) {
        begun = true;
        expect(parser.nextToken() == JsonToken.START_ARRAY);
      }
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        expect(parser.nextToken() == null);
        return Optional.empty();
      }
      expect(parser.currentToken() == JsonToken.START_OBJECT);
      return Optional.of(row());
    } catch (StreamConstraintsException _) {
      throw tooLong(line());
    } catch (StreamReadException _) {
      throw new UnusableListException(line(), NO_JSON);
    }
  }

  @Override
  public Set<String> columns() {
    return Set.copyOf(columns);
  }

  private Row row() throws IOException, UnusableListException {
    int begin = line();
    long from = parser.currentTokenLocation().getByteOffset();
    Map<String, String> values = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName().toLowerCase(Locale.ROOT);
      columns.add(name);
      var value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        values.put(name, parser.getText());
      } else if (value != JsonToken.VALUE_NULL) {
        if (FleetList.COLUMNS.contains(name)) {
          throw new UnusableListException(begin, name + " must be a text");
        }
        parser.skipChildren();
      }
      if (parser.currentLocation().getByteOffset() - from > FleetList.LONGEST_LINE) {
        throw tooLong(begin);
      }
    }
    return new Row(begin, values);
  }

  private static UnusableListException tooLong(int line) {
    return new UnusableListException(
        line, "an object has more than %,d bytes".formatted(FleetList.LONGEST_LINE));
  }

  private void expect(boolean so) throws UnusableListException {
    if (!so) {
      throw new UnusableListException(line(), NO_JSON);
    }
  }

  private int line() {
    return Math.max(1, parser.currentTokenLocation().getLineNr());
  }
}
