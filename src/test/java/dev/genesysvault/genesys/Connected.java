package dev.genesysvault.genesys;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.metrics.Meters;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.VirtualThreadTasks;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.ScriptedTransport;
import dev.genesysvault.upstream.Genesys;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An adapter over a scripted network. */
final class Connected {
  static final String CLIENTS = "/api/v2/oauth/clients";
  static final ClientId ID = new ClientId("client-1");
  static final String CLIENT = CLIENTS + "/client-1";
  static final String OWN_SECRET = "own-secret-8271";
  static final String MADE = "{\"id\":\"client-1\",\"name\":\"n\",\"secret\":\"made-secret-5530\"}";

  final FakeTime time;
  final ScriptedTransport transport = new ScriptedTransport();
  final Genesys genesys;

  Connected() {
    this(new SystemLocks());
  }

  Connected(Locks locks) {
    this(locks, new FakeTime());
  }

  Connected(Locks locks, FakeTime time) {
    this(locks, time, "https://api.example.test", "https://login.example.test", 1);
  }

  Connected(Locks locks, FakeTime time, String api, String login, double share) {
    this(locks, time, api, login, share, Meters.NONE);
  }

  /** Makes one whose calls are reported. */
  Connected(Meters meters) {
    this(
        new SystemLocks(),
        new FakeTime(),
        "https://api.example.test",
        "https://login.example.test",
        1,
        meters);
  }

  private Connected(
      Locks locks, FakeTime time, String api, String login, double share, Meters meters) {
    this.time = time;
    genesys =
        new GenesysConnector(
                transport,
                time,
                new VirtualThreadTasks(),
                locks,
                new MemoryBudget(64 << 20, time, locks),
                share,
                "1.2.3",
                meters)
            .connect(
                new Endpoint(URI.create(api), URI.create(login)),
                new Credential(new ClientId("own-client"), Secret.of(OWN_SECRET)));
  }

  CallContext within(Duration wait) {
    return new CallContext(Lane.ISSUE, Deadline.in(wait, time));
  }

  CallContext soon() {
    return within(Duration.ofSeconds(20));
  }

  static ClientBody body() {
    return new ClientBody(members());
  }

  /** Has a member of every kind that JSON knows, most of them unknown to the SDK. */
  static Map<String, Object> members() {
    var nested = new LinkedHashMap<String, Object>();
    nested.put("cidrs", List.of("192.0.2.0/24"));
    nested.put("until", null);
    var members = new LinkedHashMap<String, Object>();
    members.put("name", "vault-demo-1");
    members.put("accessTokenValiditySeconds", 900);
    members.put("ipAllowlist", nested);
    members.put("unset", null);
    members.put("flag", false);
    members.put("ratio", 0.25);
    members.put("large", 9_007_199_254_740_993L);
    return members;
  }

  static UpstreamFailure failure(Outcome<?> outcome) {
    if (outcome instanceof Failed<?>(var failure)) {
      return failure;
    }
    throw new AssertionError("it did not fail");
  }

  static <T> T value(Outcome<T> outcome) {
    return switch (outcome) {
      case Ok<T>(var value) -> value;
      case Failed<T>(var failure) -> throw new AssertionError("it failed: " + failure);
    };
  }
}
