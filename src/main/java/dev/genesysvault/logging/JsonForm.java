package dev.genesysvault.logging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Set;

/** An object a line for collectors, with the fields as members of its own. */
final class JsonForm implements LineForm {
  /** What a line has itself; a field of such a name gets an underscore. */
  private static final Set<String> OWN = Set.of("time", "level", "logger", "message", "exception");

  private final JsonFactory factory = new JsonFactory();
  private final StackText stacks = new StackText();

  @Override
  public String of(LineLimit.Due<Line> due) {
    var text = new StringWriter();
    try (var json = factory.createGenerator(text)) {
      write(due, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private void write(LineLimit.Due<Line> due, JsonGenerator json) throws IOException {
    var line = due.line();
    var event = line.event();
    json.writeStartObject();
    json.writeStringField("time", Instant.ofEpochMilli(event.getTimeStamp()).toString());
    json.writeStringField("level", event.getLevel().toString());
    json.writeStringField("logger", event.getLoggerName());
    json.writeStringField("message", line.message());
    for (var field : line.fields(due.count(), due.about()).entrySet()) {
      json.writeFieldName(OWN.contains(field.getKey()) ? field.getKey() + "_" : field.getKey());
      json.writePOJO(field.getValue());
    }
    var stack = stacks.of(event);
    if (!stack.isEmpty()) {
      json.writeStringField("exception", stack);
    }
    json.writeEndObject();
  }
}
