package dev.genesysvault.rotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.secretmanager.v1.SecretVersion.State;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.google.GcpSecretManagerKind;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedGoogle;
import dev.genesysvault.testing.SoloLocks;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A secret of Google Secret Manager, over a real channel to a played one. */
final class TroubledGoogle implements TroubledPlace {
  private static final String ADD = "secretmanager.versions.add";

  private Optional<PlayedGoogle> made = Optional.empty();

  @Override
  public String toString() {
    return kind();
  }

  private PlayedGoogle google() {
    return made.orElseThrow();
  }

  @Override
  public List<DestinationKind> kinds(FakeTime time) {
    try {
      var google = PlayedGoogle.start();
      made = Optional.of(google);
      var network = google.network();
      return List.of(
          new GcpSecretManagerKind(network, new HttpTransport(time, network), new SoloLocks(time)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void end() throws Exception {
    google().close();
  }

  @Override
  public String kind() {
    return "gcp_secret_manager";
  }

  @Override
  public Map<String, String> settings() {
    try {
      var settings = new HashMap<String, String>();
      google().settings().forEach((field, value) -> settings.put(field, String.valueOf(value)));
      settings.remove("kind");
      settings.put("create_secret", "true");
      return settings;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String entry() {
    return "crm";
  }

  private String secret() {
    return PlayedGoogle.name(entry());
  }

  @Override
  public String client() {
    try {
      var secrets = google().service().secrets();
      return secrets.exists(secret()) && secrets.states(secret()).contains(State.ENABLED)
          ? new ObjectMapper().readTree(google().read(entry())).path("client_id").asText()
          : "";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String away() {
    google().service().refuseAll(Optional.of(Status.UNAVAILABLE.withDescription("Away.")));
    return "does not answer as it should";
  }

  @Override
  public String throttle() {
    google().service().refuseAll(Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("Quota.")));
    return "a quota of the project is used up";
  }

  @Override
  public String forbid() {
    google().service().deny(ADD);
    return ADD;
  }

  @Override
  public void well() {
    google().service().refuseAll(Optional.empty());
    google().service().grantAll();
  }

  @Override
  public void delete() {
    google().service().secrets().delete(secret());
  }

  @Override
  public void overwrite() {
    var _ = google().service().secrets().add(secret(), "{\"by\":\"somebody else\"}");
  }
}
