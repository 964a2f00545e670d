package dev.genesysvault.rotation;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.destination.aws.AwsSecretsManagerKind;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.PlayedAwsSecrets;
import dev.genesysvault.testing.PlayedSecretsManager;
import dev.genesysvault.testing.SoloLocks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A secret of AWS Secrets Manager. */
final class TroubledAws implements TroubledPlace {
  private Optional<PlayedSecretsManager> made = Optional.empty();

  @Override
  public String toString() {
    return kind();
  }

  private PlayedSecretsManager aws() {
    return made.orElseThrow();
  }

  @Override
  public List<DestinationKind> kinds(FakeTime time) {
    var aws = new PlayedSecretsManager(time);
    made = Optional.of(aws);
    return List.of(new AwsSecretsManagerKind(aws, time, new SoloLocks(time)));
  }

  @Override
  public String kind() {
    return "aws_secrets_manager";
  }

  @Override
  public Map<String, String> settings() {
    var settings = aws().settings();
    settings.put("create_secret", "true");
    return settings;
  }

  @Override
  public String entry() {
    return "apps/crm";
  }

  @Override
  public String client() {
    return aws()
        .secrets()
        .read(entry(), PlayedAwsSecrets.CURRENT)
        .map(PlayedSecretsManager::clientOf)
        .orElse("");
  }

  @Override
  public String away() {
    aws()
        .always(
            "",
            _ -> {
              throw new FailedException("no connection: told so", false);
            });
    return "no connection";
  }

  @Override
  public String throttle() {
    aws().always("", _ -> aws().error(400, "ThrottlingException", "Rate exceeded"));
    return "takes no more requests for now";
  }

  @Override
  public String forbid() {
    aws().deny("PutSecretValue");
    return "secretsmanager:PutSecretValue on ";
  }

  @Override
  public void well() {
    aws().calm();
    aws().secrets().scheduleDeletion(entry(), false);
    aws().allow("PutSecretValue");
  }

  @Override
  public void delete() {
    aws().secrets().destroy(entry());
  }

  @Override
  public boolean deleteLater() {
    aws().secrets().scheduleDeletion(entry(), true);
    return true;
  }

  @Override
  public void overwrite() {
    var _ = aws().secrets().overwrite(entry(), "{\"by\":\"somebody else\"}");
  }
}
