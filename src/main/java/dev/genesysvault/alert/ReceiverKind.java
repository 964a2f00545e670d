package dev.genesysvault.alert;

import java.util.List;
import java.util.Map;

/** One kind of receiver of alarms, such as {@code pagerduty}. */
public interface ReceiverKind {
  /** Returns the word by which {@code alerts/<name>} names it. */
  String name();

  /** Returns the fields of {@code alerts/<name>} that it takes, in the order of their help. */
  List<String> settings();

  /**
   * Returns those of its fields that go along to the URL, so that whoever changes the URL has to
   * give them again.
   */
  List<String> sentAlong();

  /**
   * Returns a receiver; asks nobody.
   *
   * @param settings texts by field, none of them empty; those that are not there were not given
   * @throws IllegalArgumentException one sentence: field, value, what is allowed; quotes no secret
   */
  Receiver open(Map<String, String> settings);
}
