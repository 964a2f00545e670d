package dev.genesysvault.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.genesysvault.network.Transport;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Takes what is pushed over OTLP, and answers as it is told. */
public final class PlayedCollector implements Transport {
  public final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What it answers; 0 breaks the connection. */
  public volatile int status = 200;

  @Override
  public void exchange(Request request, Receiver receiver) throws FailedException {
    requests.add(request);
    if (status == 0) {
      throw new FailedException("the connection broke: told so", true);
    }
    try {
      receiver.receive(new Head(status, Map.of()), new ByteArrayInputStream(new byte[0]));
    } catch (FailedException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the metrics of the last push. */
  public List<Metric> last() {
    return resources(requests.getLast()).stream()
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .toList();
  }

  /** Returns whose metrics a push has, as attributes of its one resource. */
  public static Map<String, String> resource(Request push) {
    var resources = resources(push);
    if (resources.size() != 1) {
      throw new IllegalStateException(resources.size() + " resources in one push");
    }
    var attributes = new TreeMap<String, String>();
    for (var attribute : resources.getFirst().getResource().getAttributesList()) {
      attributes.put(attribute.getKey(), attribute.getValue().getStringValue());
    }
    return attributes;
  }

  private static List<ResourceMetrics> resources(Request push) {
    try {
      return ExportMetricsServiceRequest.parseFrom(push.body()).getResourceMetricsList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns gauges, counts, and the sums and counts of histograms, as a scrape has them. */
  public Map<String, Double> numbers() {
    var numbers = new TreeMap<String, Double>();
    for (var metric : last()) {
      for (var point : metric.getGauge().getDataPointsList()) {
        numbers.put(line(metric.getName(), point.getAttributesList()), value(point));
      }
      for (var point : metric.getSum().getDataPointsList()) {
        numbers.put(line(metric.getName(), point.getAttributesList()), value(point));
      }
      for (var point : metric.getHistogram().getDataPointsList()) {
        var labels = point.getAttributesList();
        numbers.put(line(metric.getName() + "_count", labels), (double) point.getCount());
        numbers.put(line(metric.getName() + "_sum", labels), point.getSum());
      }
    }
    return numbers;
  }

  private static double value(NumberDataPoint point) {
    return point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
  }

  private static String line(String name, List<KeyValue> labels) {
    return name
        + labels.stream()
            .map(label -> label.getKey() + "=" + label.getValue().getStringValue())
            .sorted()
            .collect(Collectors.toList());
  }
}
