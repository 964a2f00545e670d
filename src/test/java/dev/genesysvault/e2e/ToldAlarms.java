package dev.genesysvault.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.Scraper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/**
 * A mount {@code genesys/} of whose alarms a receiver is told, with the whole way of one: from what
 * causes it to who is told, and back; each prints how long it took. Delays are scaled: what is five
 * minutes is two seconds.
 */
record ToldAlarms(Stack stack, PlayedReceiver receiver, Scraper scraper) implements AutoCloseable {
  /** Where the receiver is told as a webhook. */
  static final String EVENTS = "/events";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static ToldAlarms start(Path folder) throws Exception {
    int port = VaultServer.freePort();
    var flags = new ArrayList<>(SidecarProcess.HASTY);
    flags.add("--alarm-delay=2s");
    flags.add("--overdue-after=2s");
    flags.add("--management-address=127.0.0.1:" + port);
    var stack = Stack.start(folder, flags.toArray(String[]::new));
    return new ToldAlarms(stack, new PlayedReceiver(), new Scraper(port));
  }

  /**
   * Mounts.
   *
   * @param fields of the receiver beside its kind and URL, names and values in turn
   */
  void mount(Object... fields) throws Exception {
    stack.mountReady("genesys");
    var all = new ArrayList<Object>();
    all.add("kind");
    all.add("webhook");
    all.add("url");
    all.add(receiver.url(EVENTS));
    for (var field : fields) {
      all.add(field);
    }
    receives("events", all.toArray());
  }

  /** Writes a receiver. */
  void receives(String name, Object... fields) throws Exception {
    var body = new LinkedHashMap<String, Object>();
    for (int i = 0; i < fields.length; i += 2) {
      body.put((String) fields[i], fields[i + 1]);
    }
    stack.http.must("genesys/alerts/" + name, body);
  }

  /** What causes something, or ends it: a knob of the simulator, or what else a test does. */
  @FunctionalInterface
  interface Knob {
    void turn() throws Exception;
  }

  private long saying(String what) {
    return receiver.said(EVENTS).stream().filter(what::equals).count();
  }

  /** Turns a knob and back, and waits each time until the receiver was told. */
  void wholeWay(String alarm, String subject, Knob there, Knob back) throws Exception {
    var began = "%s %s triggered".formatted(alarm, subject);
    var ended = "%s %s resolved".formatted(alarm, subject);
    long triggers = saying(began);
    long resolves = saying(ended);
    long begin = System.nanoTime();
    there.turn();
    Eventually.is(began, PATIENCE, () -> saying(began) == triggers + 1);
    long told = System.nanoTime();
    Eventually.is("the metric shows it", PATIENCE, () -> shown(alarm) >= 1);
    assertThat(stack.http.data("genesys/status").path("alarms").toString()).contains(alarm);
    long healed = System.nanoTime();
    back.turn();
    Eventually.is(ended, PATIENCE, () -> saying(ended) == resolves + 1);
    long over = System.nanoTime();
    Eventually.is("the metric shows its end", PATIENCE, () -> shown(alarm) == 0);
    System.out.printf(
        "alarm | %-24s | told after %4.1f s | resolved after %4.1f s%n",
        alarm, (told - begin) / 1e9, (over - healed) / 1e9);
  }

  private double shown(String alarm) throws Exception {
    return scraper.scrape().sum("genesys_vault_alarms", "alarm=" + alarm);
  }

  /** Has all work again. */
  void heal() throws Exception {
    receiver.answer(202);
    stack.ensureSidecar();
    stack.genesys.clearFaults();
  }

  @Override
  public void close() {
    scraper.close();
    stack.close();
    receiver.close();
  }
}
