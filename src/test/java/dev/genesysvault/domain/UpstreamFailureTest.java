package dev.genesysvault.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.UpstreamFailure.Refused;
import org.junit.jupiter.api.Test;

/** Whom a refusal is about. */
final class UpstreamFailureTest {
  @Test
  void a_refusal_is_of_the_log_in_where_whoever_logs_in_says_so_whatever_its_request_is_called() {
    var named = new Refused("GET /api/v2/gateway/oauth/token", 403, "no", "No.", "none");
    var logIn = new Refused("POST /login?tenant=1", 403, "no", "No.", "none", true);

    assertThat(named.ofLogIn()).isFalse();
    assertThat(named.ofCaller()).isFalse();
    assertThat(logIn.ofLogIn()).isTrue();
    assertThat(logIn.ofCaller()).isTrue();
  }

  @Test
  void a_401_is_of_the_caller_whatever_was_asked() {
    var refused = new Refused("GET /api/v2/oauth/clients", 401, "bad", "No.", "none");

    assertThat(refused.ofCaller()).isTrue();
    assertThat(refused.ofLogIn()).isFalse();
  }
}
