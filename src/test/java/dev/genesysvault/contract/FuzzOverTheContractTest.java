package dev.genesysvault.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Engine;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.Operation;
import dev.genesysvault.proto.v1.PathOperation;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.simulator.SimulatorServer;
import dev.genesysvault.testing.Bystander;
import dev.genesysvault.testing.InMemoryStorage;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Odd values in every field of every path, as a plugin sends them that checks nothing: the sidecar
 * stays, answers each in bounded time, and serves another mount meanwhile. {@code -Dfuzz.cases=0}
 * sends all; {@code -Dfuzz.seed=} says which of them otherwise.
 */
@Tag("slow")
final class FuzzOverTheContractTest {
  private static final int CASES = Integer.getInteger("fuzz.cases", 60);
  private static final long SEED = Long.getLong("fuzz.seed", 1);

  /** Of the 2 seconds that plugin and sidecar have together. Each takes some milliseconds. */
  private static final Duration MOST_CPU = Duration.ofSeconds(1);

  /** For what another mount may wait meanwhile. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** What a refusal may be long, whatever it refuses. */
  private static final int LONGEST_TEXT = 5_000;

  private static final Pattern CAPTURE = Pattern.compile("\\{([a-z_]+)}");

  private final SimulatorServer simulator = SimulatorServer.start(0, 0);
  private final SidecarProcess sidecar;
  private final TestShim shim;
  private final TestShim other;

  FuzzOverTheContractTest(@TempDir Path folder) throws Exception {
    sidecar = new SidecarProcess(folder);
    shim = new TestShim(sidecar.socket(), new InMemoryStorage());
    other = new TestShim(sidecar.socket(), new InMemoryStorage()).ofMount("mount-2");
  }

  /** One request: its path, one odd field, and the JSON of its fields. */
  private record Case(String name, Call.Builder call, ByteString json) {}

  @BeforeEach
  void configure() {
    for (var mount : List.of(shim, other)) {
      mount.configure(simulator);
    }
  }

  @AfterEach
  void stop() throws IOException {
    shim.close();
    other.close();
    sidecar.close();
    simulator.close();
  }

  @Test
  void no_field_of_any_path_holds_up_the_sidecar_or_ends_it() throws Exception {
    var cases = cases();
    if (CASES > 0) {
      Collections.shuffle(cases, new Random(SEED));
      // The worst there were are always among them.
      cases.sort((one, two) -> Boolean.compare(known(two), known(one)));
    }
    var chosen = cases.subList(0, CASES == 0 ? cases.size() : Math.min(CASES, cases.size()));
    var bystander = new Bystander(this::anotherMountIsServed);
    try (bystander) {
      assertThat(problems(chosen)).isEmpty();
    }
    System.out.printf(
        "%d odd requests; another mount was asked %d times meanwhile, and waited %d ms at most%n",
        chosen.size(), bystander.asked(), bystander.longest().toMillis());
    assertThat(bystander.trouble()).as("what became of another mount").isEmpty();
    assertThat(bystander.longest()).as("how long it waited").isLessThan(LONGEST_WAIT);
    assertThat(bystander.asked()).as("how often it asked").isGreaterThan(1);
  }

  private List<String> problems(List<Case> cases) {
    var problems = new ArrayList<String>();
    for (var each : cases) {
      var before = sidecar.cpu();
      var said = answer(each);
      var took = sidecar.cpu().minus(before);
      if (took.compareTo(MOST_CPU) > 0) {
        problems.add("%s took %s of CPU".formatted(each.name(), took));
      }
      if (!said.isEmpty()) {
        problems.add("%s: %s".formatted(each.name(), said));
      }
      assertThat(sidecar.alive()).as("the sidecar lives after %s", each.name()).isTrue();
    }
    return problems;
  }

  private boolean anotherMountIsServed() {
    return other
        .serve(other.call(Operation.OPERATION_READ, "roles/name").putCaptures("name", "demo"))
        .result()
        .hasResponse();
  }

  private static boolean known(Case it) {
    return it.name()
        .matches(
            "config (api_url|client_secret) slashes.*|config client_secret line ends|static-roles/name rotation_schedule (stars|a list of minutes)");
  }

  /** Returns what is wrong with the answer; empty for nothing. */
  private String answer(Case each) {
    Result result;
    try {
      result = shim.serve(each.call().setFieldsJson(each.json())).result();
    } catch (StatusRuntimeException e) {
      // What is larger than a frame never reaches the engine.
      return each.json().size() > (4 << 20) ? "" : "ended with " + e.getStatus();
    }
    var error = result.getError();
    if (error.getKind() == dev.genesysvault.proto.v1.Error.Kind.KIND_CODED
        && error.getHttpStatus() == 500) {
      return "is answered 500 " + error.getMessage();
    }
    return error.getMessage().length() > LONGEST_TEXT ? "echoes too much" : "";
  }

  private List<Case> cases() throws IOException {
    var engine =
        TextFormat.parse(
            Files.readString(Path.of("proto/genesysvault/v1/engine.textproto")), Engine.class);
    var cases = new ArrayList<Case>();
    var odd = odd();
    for (var path : engine.getPathsList()) {
      for (var operation : path.getOperationsList()) {
        for (var field : path.getFieldsList()) {
          boolean captured = path.getPattern().contains("{" + field.getName() + "}");
          boolean writes =
              operation.getOperation().equals("update")
                  || operation.getOperation().equals("create");
          if (captured) {
            for (var size : List.of(513, 100_000, 3_000_000)) {
              cases.add(
                  new Case(
                      path.getId() + " " + field.getName() + " of " + size,
                      call(operation, path.getId(), path.getPattern())
                          .putCaptures(field.getName(), "n".repeat(size)),
                      ByteString.EMPTY));
            }
          } else if (writes) {
            odd.forEach((name, json) ->
                cases.add(
                    new Case(
                        path.getId() + " " + field.getName() + " " + name,
                        call(operation, path.getId(), path.getPattern()),
                        fields(path.getId(), field, json))));
          }
        }
      }
    }
    return cases;
  }

  private Call.Builder call(PathOperation operation, String id, String pattern) {
    var call =
        shim.call(
                Operation.valueOf("OPERATION_" + operation.getOperation().toUpperCase(Locale.ROOT)),
                id)
            .setRequestId("fuzz-1");
    var captures = CAPTURE.matcher(pattern);
    while (captures.find()) {
      call.putCaptures(captures.group(1), "fuzzed");
    }
    return call;
  }

  /** What else the path needs for its odd field to be looked at. */
  private static ByteString fields(String path, Field field, String json) {
    var more =
        switch (path) {
          case "config" ->
              "\"client_id\":\"a\",\"client_secret\":\"b\",\"domain\":\"localhost.test\",\"verify_connection\":false,";
          case "roles/name" -> "\"skip_verification\":true,\"role_divisions\":[\"a:b\"],";
          case "static-roles/name" ->
              "\"skip_verification\":true,\"defer_initial_creds\":true,\"role_divisions\":[\"a:b\"],";
          default -> "";
        };
    return ByteString.copyFromUtf8("{" + more + "\"" + field.getName() + "\":" + json + "}");
  }

  private static Map<String, String> odd() {
    var odd = new LinkedHashMap<String, String>();
    odd.put("slashes", text("/".repeat(900_000)));
    odd.put("slashes and one more", text("https://h.test" + "/".repeat(900_000) + "x"));
    odd.put("line ends", text("\\r\\n".repeat(300_000) + "x"));
    odd.put("short slashes", text("https://h.test" + "/".repeat(1_900) + "x"));
    odd.put("stars", text("* ".repeat(300_000)));
    odd.put("a list of minutes", text("*/1,".repeat(60) + "1 * * * *"));
    odd.put("never", text("0 0 31 2 *"));
    odd.put("rarely", text("0 0 29 2 1"));
    odd.put("braces", text("{{" + " ".repeat(500) + "x"));
    odd.put("many braces", text("{{".repeat(99)));
    odd.put("dashes", text("a-".repeat(120)));
    odd.put("surrogates", text("\\ud83d".repeat(100)));
    odd.put("pairs of surrogates", text("😀".repeat(100)));
    odd.put("control characters", text("\\u0000\\u001b\\u202e\\u2028".repeat(50)));
    odd.put("commas", text(",".repeat(2_000)));
    odd.put("commas without end", text(",".repeat(900_000)));
    odd.put("two megabytes", text("x".repeat(2_000_000)));
    odd.put("six megabytes", text("x".repeat(6_000_000)));
    odd.put("nothing", text(""));
    odd.put("null", "null");
    odd.put("true", "true");
    odd.put("a number", "7");
    odd.put("less than nothing", "-1");
    odd.put("the largest number", "9223372036854775807");
    odd.put("more than that", "9223372036854775808");
    odd.put("a fraction", "1e-300");
    odd.put("infinity", "1e999");
    odd.put("digits", "9".repeat(10_000));
    odd.put("NaN", "NaN");
    odd.put("deep lists", "[".repeat(100_000) + "]".repeat(100_000));
    odd.put("lists as deep as is read", "[".repeat(60) + "]".repeat(60));
    odd.put("deep objects", "{\"a\":".repeat(50_000) + "1" + "}".repeat(50_000));
    odd.put("objects of 16", "{\"a\":".repeat(16) + "1" + "}".repeat(16));
    odd.put("a million items", "[" + "1,".repeat(999_999) + "1]");
    odd.put("a million texts", "[" + "\"\",".repeat(999_999) + "\"\"]");
    odd.put("repeated keys", "{" + "\"a\":1,".repeat(9_999) + "\"a\":1}");
    odd.put("a repeated field", "1,\"ttl\":1,\"ttl\":[1],\"ttl\":{\"a\":1}");
    odd.put("odd members", "{\"\":{},\"\\u0000\":[],\"name\":null,\"state\":{\"a\":[null]}}");
    odd.put("half of an object", "{\"a\":1");
    return odd;
  }

  private static String text(String inside) {
    return "\"" + inside + "\"";
  }
}
