package dev.genesysvault.genesys;

import static dev.genesysvault.testing.ScriptedTransport.error;
import static dev.genesysvault.testing.ScriptedTransport.reply;
import static dev.genesysvault.testing.ScriptedTransport.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.testing.CapturedLogs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SecrecyTest {
  private static final String TOKEN = "token-secret-9914";
  private static final String BASIC =
      Base64.getEncoder()
          .encodeToString(("own-client:" + Connected.OWN_SECRET).getBytes(StandardCharsets.UTF_8));
  private static final List<String> SECRETS =
      List.of(Connected.OWN_SECRET, BASIC, TOKEN, "made-secret-5530");

  @Test
  void neither_logs_nor_outcomes_nor_requests_show_a_secret() throws Exception {
    var to = new Connected();
    var shown = new ArrayList<String>();
    try (var logs = new CapturedLogs()) {
      for (var operation : Operation.values()) {
        to.transport
            .onLogIn(token(TOKEN, 600))
            .on(operation.request(), error(401, "bad.credentials"))
            .on(operation.request(), reply(200, Connected.MADE))
            .on(operation.request(), reply(200, Connected.MADE + "{"))
            .on(operation.request(), reply(500, Connected.MADE));
        for (int i = 0; i < 3; i++) {
          shown.add(operation.run(to).toString());
        }
      }
      to.transport.requests().forEach(request -> shown.add(request.toString()));
      shown.add(reply(200, Connected.MADE).to(to.transport.last()).toString());
      shown.addAll(logs.lines());
    }

    assertThat(String.join("\n", shown)).doesNotContain(SECRETS).contains("Genesys was asked");
  }

  @Test
  void one_line_tells_of_each_call_without_its_ids() throws Exception {
    var to = new Connected();
    to.transport.on(
        Operation.DELETE.request(), error(404, "not.found", "ININ-Correlation-Id", "c-1"));
    try (var logs = new CapturedLogs()) {
      var _ = Operation.DELETE.run(to);

      assertThat(logs.lines())
          .filteredOn(line -> line.contains("Genesys was asked ["))
          .singleElement()
          .asString()
          .startsWith("DEBUG ")
          .contains(
              "call=\"DELETE /api/v2/oauth/clients/{clientId}\"",
              "outcome=\"refused\"",
              "status=\"404\"",
              "correlation_id=\"c-1\"",
              "ms=\"0\"")
          .doesNotContain("client-1");
      assertThat(logs.lines()).noneMatch(line -> line.contains("own-client"));
    }
  }
}
