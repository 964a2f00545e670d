package dev.genesysvault.destination.aws;

import dev.genesysvault.network.Transport;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.auth.scheme.SecretsManagerAuthSchemeProvider;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.scheme.StsAuthSchemeProvider;

/**
 * Makes clients of Amazon's library, one for each errand: light ones that begin no thread, ask once
 * and take their time and their way from the sidecar.
 */
final class AwsClients {
  /** A profile says who logs in, and nothing else: not where, nor how often. */
  private static final ProfileFile NO_PROFILES = ProfileFile.aggregator().build();

  private final Transport transport;
  private final AwsSettings settings;
  private final Clock clock;

  AwsClients(Transport transport, Time time, AwsSettings settings) {
    this.transport = transport;
    this.settings = settings;
    InstantSource source = time::now;
    this.clock = source.withZone(ZoneOffset.UTC);
  }

  /** Returns one of Secrets Manager. */
  SecretsManagerClient secrets(AwsCredentials credentials, Deadline deadline) {
    return made(
        SecretsManagerClient.builder()
            .authSchemeProvider(it ->
                timed(SecretsManagerAuthSchemeProvider.defaultProvider().resolveAuthScheme(it))),
        settings.endpoint(),
        StaticCredentialsProvider.create(credentials),
        deadline);
  }

  /** Returns one of STS. */
  StsClient sts(AwsCredentials credentials, Deadline deadline) {
    return made(
        sts(), settings.stsEndpoint(), StaticCredentialsProvider.create(credentials), deadline);
  }

  /** Returns one of STS that signs nothing, for who logs in by a token. */
  StsClient anonymousSts(Deadline deadline) {
    return made(sts(), settings.stsEndpoint(), AnonymousCredentialsProvider.create(), deadline);
  }

  private StsClientBuilder sts() {
    return StsClient.builder()
        .authSchemeProvider(
            it -> timed(StsAuthSchemeProvider.defaultProvider().resolveAuthScheme(it)));
  }

  /** Has signatures say the sidecar's time. */
  private List<AuthSchemeOption> timed(List<AuthSchemeOption> options) {
    return options.stream()
        .map(it -> it.toBuilder().putSignerProperty(HttpSigner.SIGNING_CLOCK, clock).build())
        .toList();
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C made(
      B builder, Optional<URI> endpoint, AwsCredentialsProvider credentials, Deadline deadline) {
    endpoint.ifPresent(builder::endpointOverride);
    return builder
        .region(Region.of(settings.region()))
        .httpClient(new ErrandHttp(transport, deadline))
        .credentialsProvider(credentials)
        .overrideConfiguration(
            it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()).defaultProfileFile(NO_PROFILES))
        .build();
  }
}
