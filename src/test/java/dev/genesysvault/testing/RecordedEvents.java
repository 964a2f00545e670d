package dev.genesysvault.testing;

import dev.genesysvault.upstream.Events;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An event bus that remembers what was sent to it. */
public final class RecordedEvents implements Events {
  private final List<Event> sent = new ArrayList<>();

  /** What was sent. */
  public record Event(String type, Map<String, String> metadata) {}

  @Override
  public synchronized void send(String type, Map<String, String> metadata) {
    sent.add(new Event(type, Map.copyOf(metadata)));
  }

  /** Returns what was sent so far, in order. */
  public synchronized List<Event> sent() {
    return List.copyOf(sent);
  }
}
