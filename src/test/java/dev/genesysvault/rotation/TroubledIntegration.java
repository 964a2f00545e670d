package dev.genesysvault.rotation;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.testing.FakeGenesys;
import dev.genesysvault.testing.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an integration of the mount's own organisation logs in with. */
final class TroubledIntegration implements TroubledPlace {
  private static final String CREDENTIAL = "0a1b2c3d-1111-2222-3333-444455556666";

  /** Of calls: more than any test makes. */
  private static final int EVERY = 20_000;

  private Optional<FakeGenesys> made = Optional.empty();

  @Override
  public String toString() {
    return kind();
  }

  private FakeGenesys genesys() {
    return made.orElseThrow();
  }

  @Override
  public List<DestinationKind> kinds(FakeTime time) {
    return List.of();
  }

  @Override
  public void furnish(RotationHarness it) {
    made = Optional.of(it.genesys);
    it.genesys.integrations().hold(CREDENTIAL, "CRM", "pureCloudOAuthClient");
  }

  @Override
  public String kind() {
    return "integration_credential";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public String entry() {
    return CREDENTIAL;
  }

  @Override
  public String client() {
    return genesys().integrations().login(CREDENTIAL).map(it -> it.id().value()).orElse("");
  }

  @Override
  public String away() {
    for (int i = 0; i < EVERY; i++) {
      genesys().beAway("replaceCredential");
    }
    return "told to be away";
  }

  @Override
  public String throttle() {
    for (int i = 0; i < EVERY; i++) {
      genesys().limit("replaceCredential", Duration.ofMinutes(1));
    }
    return "limit";
  }

  @Override
  public String forbid() {
    for (int i = 0; i < EVERY; i++) {
      genesys().refuse("replaceCredential", 403, "missing.any.permissions");
    }
    return "integrations:integration:edit";
  }

  @Override
  public void well() {
    genesys().mend();
  }

  @Override
  public void delete() {
    genesys().integrations().lose(CREDENTIAL);
  }

  @Override
  public void overwrite() {
    genesys().integrations().overwrite(CREDENTIAL, "somebody");
  }

  @Override
  public boolean makesAnew() {
    return false;
  }
}
