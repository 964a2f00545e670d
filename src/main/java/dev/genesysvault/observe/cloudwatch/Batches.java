package dev.genesysvault.observe.cloudwatch;

import dev.genesysvault.resilience.BugLog;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;

/**
 * Takes the batches of Micrometer's registry, in the thread of that, and sends what happened: of
 * what did not, CloudWatch would keep a metric that is paid for. Failures are told once a minute.
 */
final class Batches implements CloudWatchAsyncClient {
  private static final Logger LOG = LoggerFactory.getLogger(Batches.class);

  private final Sender sender;
  private final BugLog bugs;

  Batches(Sender sender, BugLog bugs) {
    this.sender = sender;
    this.bugs = bugs;
  }

  /** Sends one batch. */
  @FunctionalInterface
  interface Sender {
    /**
     * Sends it.
     *
     * @throws IOException if CloudWatch has not taken it; the message says why, without a secret
     */
    void put(PutMetricDataRequest batch) throws IOException, InterruptedException;
  }

  @Override
  public CompletableFuture<PutMetricDataResponse> putMetricData(PutMetricDataRequest batch) {
    var happened = batch.metricData().stream().filter(Batches::happened).toList();
    if (!happened.isEmpty()) {
      send(batch.toBuilder().metricData(happened).build());
    }
    return CompletableFuture.completedFuture(PutMetricDataResponse.builder().build());
  }

  /** Whether it is a gauge's, or was counted since the last push. */
  private static boolean happened(MetricDatum datum) {
    boolean counts = datum.metricName().endsWith(".count") || datum.metricName().endsWith(".sum");
    return !counts || datum.value() != 0;
  }

  private void send(PutMetricDataRequest batch) {
    try {
      sender.put(batch);
    } catch (IOException e) {
      bugs.count("push")
          .ifPresent(count ->
              LOG.atWarn()
                  .addKeyValue("namespace", batch.namespace())
                  .addKeyValue("reason", e.getMessage())
                  .addKeyValue("count", count)
                  .log("metrics could not be pushed to CloudWatch; counts of this time are lost"));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
