package dev.genesysvault.testing;

import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.upstream.IntegrationCredentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a fake organisation's integrations log in with. Its calls are {@code getCredential}, {@code
 * replaceCredential} and {@code listCredentials}.
 */
public final class FakeIntegrations implements IntegrationCredentials {
  private final FakeGenesys genesys;
  private final Map<String, Kept> kept = new HashMap<>();
  private final List<Lane> lanes = new ArrayList<>();
  private boolean showsTimes;
  private boolean showsClients;
  private boolean lists = true;
  private int changes;

  FakeIntegrations(FakeGenesys genesys) {
    this.genesys = genesys;
  }

  private record Kept(
      String name, String type, Optional<Credential> login, String clientId, Instant modified) {}

  /** Adds a credential of an integration. */
  public synchronized void hold(String id, String name, String type) {
    kept.put(id, new Kept(name, type, Optional.empty(), "", next()));
  }

  /** Has somebody else change it. */
  public synchronized void overwrite(String id, String clientId) {
    var before = Objects.requireNonNull(kept.get(id));
    kept.put(id, new Kept(before.name(), before.type(), Optional.empty(), clientId, next()));
  }

  /** Has somebody else delete it. */
  public synchronized void lose(String id) {
    kept.remove(id);
  }

  /** Shows, in the reading of one, what it may show beside its name and type. */
  public synchronized void show(boolean times, boolean clients) {
    showsTimes = times;
    showsClients = clients;
  }

  /** Leaves all of them out of their list. */
  public synchronized void listNone() {
    lists = false;
  }

  /** Returns what one logs in with; empty where nobody here wrote it. */
  public synchronized Optional<Credential> login(String id) {
    return Objects.requireNonNull(kept.get(id)).login();
  }

  /** Returns how one is called, and its type. */
  public synchronized String nameAndType(String id) {
    var present = Objects.requireNonNull(kept.get(id));
    return present.name() + " " + present.type();
  }

  /** Returns when one was changed last. */
  public synchronized String modified(String id) {
    return Objects.requireNonNull(kept.get(id)).modified().toString();
  }

  /** Returns the lanes of the calls so far, in their order. */
  public synchronized List<Lane> lanes() {
    return List.copyOf(lanes);
  }

  private Instant next() {
    return FakeTime.START.plusSeconds(++changes);
  }

  private synchronized Optional<Kept> at(String id, CallContext context) {
    lanes.add(context.lane());
    return Optional.ofNullable(kept.get(id));
  }

  private static <T> Outcome<T> missing() {
    return Outcome.failed(
        new Refused("credential", 404, "not.found", "no such credential", "cid-1"));
  }

  @Override
  public Outcome<IntegrationCredential> get(String id, CallContext context) {
    return genesys.answer(
        "getCredential",
        () ->
            at(id, context)
                .map(it ->
                    Outcome.ok(
                        new IntegrationCredential(
                            it.name(),
                            it.type(),
                            showsClients ? it.clientId() : "********",
                            showsTimes ? it.modified().toString() : "")))
                .orElseGet(FakeIntegrations::missing));
  }

  @Override
  public Outcome<String> replace(
      String id, IntegrationCredential shown, Credential login, CallContext context) {
    return genesys.answer(
        "replaceCredential",
        () ->
            at(id, context)
                .map(_ -> Outcome.ok(replaced(id, shown, login)))
                .orElseGet(FakeIntegrations::missing));
  }

  private synchronized String replaced(String id, IntegrationCredential shown, Credential login) {
    kept.put(
        id, new Kept(shown.name(), shown.type(), Optional.of(login), login.id().value(), next()));
    return modified(id);
  }

  @Override
  public Outcome<Optional<String>> modified(String id, CallContext context) {
    return genesys.answer(
        "listCredentials",
        () -> Outcome.ok(at(id, context).filter(_ -> lists).map(it -> it.modified().toString())));
  }
}
