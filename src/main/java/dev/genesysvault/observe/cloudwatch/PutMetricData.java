package dev.genesysvault.observe.cloudwatch;

import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.destination.aws.ProcessAccess;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Time;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

/**
 * Calls {@code PutMetricData}, once for each batch: counts that were sent twice would be counted
 * twice. An address from {@code AWS_ENDPOINT_URL_CLOUDWATCH} goes before that of the region.
 */
final class PutMetricData {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LONGEST_WHY = 400;

  private final ProcessAccess access;
  private final Region region;
  private final Time time;

  PutMetricData(ProcessAccess access, Region region, Time time) {
    this.access = access;
    this.region = region;
    this.time = time;
  }

  void put(PutMetricDataRequest batch) throws IOException, InterruptedException {
    var deadline = Deadline.in(TIMEOUT, time);
    try (var client =
        CloudWatchClient.builder()
            .region(region)
            .credentialsProvider(StaticCredentialsProvider.create(access.keys(deadline)))
            .httpClient(access.http(deadline))
            .overrideConfiguration(it -> it.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build()) {
      var _ = client.putMetricData(batch);
    } catch (NotDoneException e) {
      throw new IOException(e.failure().why().text(), e);
    } catch (AwsServiceException e) {
      // Its text may quote the request; the code does not.
      throw new IOException(
          "AWS answers HTTP %d, %s: the process needs cloudwatch:PutMetricData"
              .formatted(e.statusCode(), Texts.printable(code(e), LONGEST_WHY)),
          e);
    } catch (SdkException e) {
      throw new IOException(Texts.printable(String.valueOf(e.getMessage()), LONGEST_WHY), e);
    }
  }

  private static String code(AwsServiceException e) {
    var details = e.awsErrorDetails();
    return details == null ? "no code" : String.valueOf(details.errorCode());
  }
}
