package dev.genesysvault.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.alarm.AlarmKind;
import dev.genesysvault.alarm.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a kind of alarm is called, and looks like, in each of the systems that tell of it. */
final class AlarmForms {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MOUNT = "{{ $labels.mount }}";

  private AlarmForms() {}

  /** Returns its word as a name of types: {@code RotationOverdue}. */
  static String camel(AlarmKind kind) {
    var name = new StringBuilder();
    for (var part : kind.word().split("_", -1)) {
      name.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
    }
    return name.toString();
  }

  /** Returns the name of the alert of Prometheus. */
  static String alert(AlarmKind kind) {
    return "GenesysVault" + camel(kind);
  }

  /**
   * Returns the end of the name of the alarm of CloudWatch, which begins with the stack's prefix.
   */
  static String cloudWatch(AlarmKind kind) {
    return kind.word();
  }

  /** Returns the name of Datadog's monitor. */
  static String monitor(AlarmKind kind) {
    return "Genesys in Vault, {{mount.name}}: " + kind.word();
  }

  /** Quotes for YAML, of which JSON's texts are a part. */
  static String quoted(String text) {
    try {
      return MAPPER.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static String summary(AlarmKind kind) {
    return "%s: %s".formatted(MOUNT, kind.meaning());
  }

  private static String description(AlarmKind kind) {
    return "%s. Look at: vault read %s%s".formatted(kind.advice(), MOUNT, kind.path(""));
  }

  private static String labels(AlarmKind kind, String between) {
    var labels = new LinkedHashMap<String, String>();
    labels.put("severity", kind.severity().word());
    labels.put("alarm", kind.word());
    labels.put("seen_by", "sidecar");
    if (kind.follows()) {
      labels.put("follows", AlarmKind.GENESYS_UNREACHABLE.word());
    }
    var lines = new StringBuilder();
    labels.forEach((name, value) -> lines.append(between).append(name + ": " + value + "\n"));
    return lines.toString();
  }

  /** Returns the rule of Prometheus. */
  static String rule(AlarmKind kind) {
    return """
          - alert: %s
            expr: max without (instance, pod) (genesys_vault_alarms{alarm="%s"}) > 0
            labels:
    %s        annotations:
              summary: %s
              description: %s
    """
        .formatted(
            alert(kind),
            kind.word(),
            labels(kind, "          "),
            quoted(summary(kind)),
            quoted(description(kind)));
  }

  /** Returns the case for that: two nodes show it, one alert tells of it, and it ends. */
  static String ruleTest(AlarmKind kind) {
    var series =
        "genesys_vault_alarms{job=\"genesys-vault\", instance=\"%s:9092\", mount=\"genesys/\", alarm=\"%s\", severity=\"%s\"}";
    var first = series.formatted("one", kind.word(), kind.severity().word());
    var second = series.formatted("two", kind.word(), kind.severity().word());
    return """
      - name: %s
        interval: 1m
        input_series:
          - series: '%s'
            values: 0x2 1x3 stale
          - series: '%s'
            values: _x5 2x5 0x5
        alert_rule_test:
          - eval_time: 2m
            alertname: %s
          - eval_time: 5m
            alertname: %s
            exp_alerts:
              - exp_labels:
                  job: genesys-vault
                  mount: genesys/
    %s            exp_annotations:
                  summary: %s
                  description: %s
          - eval_time: 13m
            alertname: %s
    """
        .formatted(
            kind.word(),
            first,
            second,
            alert(kind),
            alert(kind),
            labels(kind, "              "),
            quoted("genesys/: " + kind.meaning()),
            quoted("%s. Look at: vault read genesys/%s".formatted(kind.advice(), kind.path(""))),
            alert(kind));
  }

  /** Returns the resource of CloudFormation. */
  static String resource(AlarmKind kind) {
    return """
      %s:
        Type: AWS::CloudWatch::Alarm
        Properties:
          AlarmName: !Sub "${Prefix}-%s"
          AlarmDescription: %s
          Namespace: !Ref Namespace
          MetricName: genesys_vault_alarms.value
          Dimensions:
            - Name: mount
              Value: !Ref Mount
            - Name: alarm
              Value: %s
            - Name: severity
              Value: %s
          Statistic: Maximum
          Unit: None
          Period: 60
          EvaluationPeriods: 1
          ComparisonOperator: GreaterThanThreshold
          Threshold: 0
          TreatMissingData: notBreaching
          AlarmActions:
            - !Ref Topic
          OKActions:
            - !Ref Topic
    """
        .formatted(
            camel(kind),
            cloudWatch(kind),
            quoted(
                "%s: %s. %s. Look at: vault read MOUNT/%s"
                    .formatted(
                        kind.severity().word(), kind.meaning(), kind.advice(), kind.path(""))),
            kind.word(),
            kind.severity().word());
  }

  /** Returns the monitor of Datadog, as its API takes it. */
  static Map<String, Object> monitorBody(AlarmKind kind) {
    var options = new LinkedHashMap<String, Object>();
    options.put("thresholds", Map.of("critical", 0));
    options.put("require_full_window", false);
    options.put("on_missing_data", "resolve");
    options.put("include_tags", true);
    var monitor = new LinkedHashMap<String, Object>();
    monitor.put("name", monitor(kind));
    monitor.put("type", "query alert");
    monitor.put(
        "query",
        "max(last_5m):max:genesys_vault.alarms{alarm:%s} by {mount} > 0".formatted(kind.word()));
    monitor.put(
        "message",
        "%s.\n\n%s. Look at: `vault read {{mount.name}}%s`"
            .formatted(kind.meaning(), kind.advice(), kind.path("")));
    monitor.put(
        "tags",
        List.of(
            "service:genesys-vault", "alarm:" + kind.word(), "severity:" + kind.severity().word()));
    monitor.put("priority", priority(kind.severity()));
    monitor.put("options", options);
    return monitor;
  }

  /** Returns what Datadog calls it: 1 for the worst. */
  private static int priority(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 1;
      case ERROR -> 2;
      case WARNING -> 3;
      case INFO -> 4;
    };
  }
}
