package dev.genesysvault.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.storage.StaticCredential.Phase;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A client of a static role is made, verified and handed out under the same addresses. */
final class RotationAddressesTest {
  private static final Endpoint FORMER = Endpoint.of("mypurecloud.de");
  private static final Endpoint NEW = Endpoint.of("elsewhere.example");

  private final RotationHarness it;

  RotationAddressesTest() throws InterruptedException {
    it = new RotationHarness().defined("crm");
  }

  private Endpoint addresses() throws InterruptedException {
    return Objects.requireNonNull(
        Objects.requireNonNull(it.credential("crm").current()).endpoint());
  }

  @Test
  void a_new_address_comes_with_the_next_rotation_and_not_before() throws Exception {
    it.rotateFor(Duration.ofMinutes(5));
    assertThat(addresses()).isEqualTo(FORMER);

    it.moveTo("elsewhere.example");
    it.rotateFor(Duration.ofMinutes(5));
    assertThat(addresses()).isEqualTo(FORMER);

    var _ = it.ask("crm", false, false, false);
    it.rotateFor(Duration.ofMinutes(5));
    assertThat(addresses()).isEqualTo(NEW);
  }

  @Test
  void a_client_that_waits_for_its_verification_does_not_log_in_at_another_address()
      throws Exception {
    it.rotateFor(Duration.ofSeconds(5));
    var waiting = Objects.requireNonNull(it.credential("crm").next());
    assertThat(it.credential("crm").phase()).isEqualTo(Phase.CREATED);

    it.moveTo("elsewhere.example");
    it.genesys.forgetCalls();
    it.rotateFor(Duration.ofSeconds(14));

    assertThat(it.calls()).doesNotContain("tokenOwner");
    assertThat(it.mount.client(waiting.key()).get()).isPresent();

    it.rotateFor(Duration.ofMinutes(5));
    assertThat(addresses()).isEqualTo(NEW);
    assertThat(it.current("crm").id()).isNotEqualTo(waiting.clientId());
  }
}
