package dev.genesysvault.destination.aws;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.OptionalLibrary;
import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.Time;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The kind {@code aws_secrets_manager}: secrets of AWS Secrets Manager, in one region. */
public final class AwsSecretsManagerKind implements DestinationKind {
  private final Transport transport;
  private final Time time;
  private final Locks locks;

  /** Makes it. */
  public AwsSecretsManagerKind(Transport transport, Time time, Locks locks) {
    this.transport = transport;
    this.time = time;
    this.locks = locks;
  }

  @Override
  public String name() {
    return "aws_secrets_manager";
  }

  @Override
  public List<Setting> settings() {
    return AwsSettings.FIELDS;
  }

  @Override
  public List<String> addresses() {
    return List.of(AwsSettings.ENDPOINT, AwsSettings.STS_ENDPOINT);
  }

  @Override
  public Destination open(Map<String, String> given) {
    var settings = AwsSettings.parse(given);
    OptionalLibrary.AWS.require(name());
    // Its class is the first that leads to Amazon's.
    return AwsSecretsManager.of(settings, transport, time, locks);
  }

  @Override
  public String place(Map<String, String> settings) {
    return AwsSettings.place(settings);
  }

  @Override
  public void checkEntry(String entry) {
    SecretId.of(entry);
  }

  /** Readers reach it by {@code AWSPREVIOUS}. */
  @Override
  public boolean keepsFormer() {
    return true;
  }

  /** AWS keeps 100 versions of a day: half of those are left to whoever overwrites ours. */
  @Override
  public Duration shortestRepair() {
    return Duration.ofMinutes(30);
  }

  /** Under a label of its own. */
  @Override
  public boolean writesToCheck() {
    return true;
  }
}
