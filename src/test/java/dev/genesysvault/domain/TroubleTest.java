package dev.genesysvault.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What operators are told, and told again only where it is something else. */
final class TroubleTest {
  private static final String CREATE = "POST /api/v2/oauth/clients";

  @Test
  void two_refusals_of_the_same_are_the_same_trouble() {
    assertThat(told("cid-1", 403).isSameAs(told("cid-2", 403))).isTrue();
    assertThat(told("none", 403).isSameAs(told("cid-2", 403))).isTrue();
    assertThat(told("cid-1", 403).isSameAs(told("cid-1", 400))).isFalse();
  }

  private static Trouble told(String correlationId, int status) {
    return new Refused(CREATE, status, "no", "No.", correlationId)
        .trouble()
        .after("It failed: ")
        .then(". Grant it");
  }

  @Test
  void a_correlation_id_of_any_form_makes_no_other_trouble() {
    var one = new Refused(CREATE, 403, "no", "No.", "a; 1. (x)").trouble();
    var other = new Refused(CREATE, 403, "no", "No.", "a; 2. (y)").trouble();

    assertThat(one.text()).isNotEqualTo(other.text());
    assertThat(one.isSameAs(other)).isTrue();
  }

  @Test
  void what_looks_like_a_correlation_id_in_genesys_text_is_part_of_what_it_said() {
    var one = new Refused(CREATE, 403, "no", "No; correlation id role-1", "cid-1").trouble();
    var other = new Refused(CREATE, 403, "no", "No; correlation id role-2", "cid-1").trouble();

    assertThat(one.isSameAs(other)).isFalse();
  }

  @Test
  void code_and_message_that_read_alike_together_are_told_apart() {
    var one = new Refused(CREATE, 403, "a: b", "c", "none").trouble();
    var other = new Refused(CREATE, 403, "a", "b: c", "none").trouble();

    assertThat(one.text()).isEqualTo(other.text());
    assertThat(one.isSameAs(other)).isFalse();
  }

  @Test
  void a_limit_is_the_same_however_long_it_still_lasts() {
    var one = new Limited(CREATE, Duration.ofSeconds(10), "cid-1").trouble();
    var other = new Limited(CREATE, Duration.ofSeconds(9), "cid-2").trouble();

    assertThat(one.isSameAs(other)).isTrue();
  }

  @Test
  void what_was_met_otherwise_or_elsewhere_is_another_trouble() {
    var lost = new Unknown(CREATE, "lost", "none").trouble();

    assertThat(lost.isSameAs(new Unavailable(CREATE, "lost", "none").trouble())).isFalse();
    assertThat(lost.isSameAs(new Unknown("DELETE /x", "lost", "none").trouble())).isFalse();
    assertThat(lost.after("one: ").isSameAs(lost.after("other: "))).isFalse();
    assertThat(lost.then(" one").isSameAs(lost.then(" other"))).isFalse();
    assertThat(lost.isSameAs(Trouble.of(lost.text()))).isFalse();
  }

  @Test
  void a_sentence_is_the_same_trouble_as_the_same_sentence() {
    assertThat(Trouble.of("a").isSameAs(Trouble.of("a"))).isTrue();
    assertThat(Trouble.of("a").isSameAs(Trouble.of("b"))).isFalse();
    assertThat(Trouble.NONE.isNone()).isTrue();
    assertThat(Trouble.of("a").isNone()).isFalse();
  }
}
