package dev.genesysvault.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.UpstreamFailure.Refused;
import org.junit.jupiter.api.Test;

/** What operators are told, and told again only where it is something else. */
final class UpstreamFailureTest {
  @Test
  void two_refusals_of_the_same_are_the_same_trouble() {
    assertThat(UpstreamFailure.sameTrouble(told("cid-1", 403), told("cid-2", 403))).isTrue();
    assertThat(UpstreamFailure.sameTrouble(told("none", 403), told("cid-2", 403))).isTrue();
    assertThat(UpstreamFailure.sameTrouble(told("cid-1", 403), told("cid-1", 400))).isFalse();
  }

  private static String told(String correlationId, int status) {
    return new Refused("POST /api/v2/oauth/clients", status, "no", "No.", correlationId)
            .explanation()
        + ". Grant it";
  }
}
