package dev.genesysvault.destination;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One kind of destination, such as {@code vault_kv}. */
public interface DestinationKind {
  /** Returns the word by which {@code destinations/<name>} names it. */
  String name();

  /**
   * Returns the fields of {@code destinations/<name>} that it takes, in the order of their help.
   */
  List<Setting> settings();

  /**
   * One field of {@code destinations/<name>}.
   *
   * @param secret whether it is never shown again
   */
  record Setting(String field, Form form, boolean secret) {
    /** Makes one of a text. */
    public Setting(String field, boolean secret) {
      this(field, Form.TEXT, secret);
    }

    /** Makes one that is no secret. */
    public Setting(String field, Form form) {
      this(field, form, false);
    }
  }

  /** What a setting is, and which text it is kept as. */
  enum Form {
    /** A text. */
    TEXT,
    /** A flag, kept as {@code true}; where it is false, it is not kept. */
    FLAG,
    /** A list of texts, kept as a JSON list, see {@link Forms}. */
    LIST,
    /** Texts by name, kept as a JSON object, see {@link Forms}. */
    PAIRS
  }

  /**
   * Returns the fields that say where secrets are sent: whoever changes one of them has to give the
   * secrets again.
   */
  List<String> addresses();

  /**
   * Returns a destination; asks nobody. What it holds, such as a token, lives as long as it does.
   *
   * @param settings texts by field, none of them empty; those that are not there were not given
   * @throws IllegalArgumentException one sentence: field, value, what is allowed; quotes no secret
   */
  Destination open(Map<String, String> settings);

  /**
   * Returns where entries of such a destination are: where two of one kind have the same text, an
   * entry's name is the same entry in both. Holds no secret.
   *
   * @param settings with which it was opened
   */
  String place(Map<String, String> settings);

  /**
   * Checks the name of an entry, which says where in such a destination a credential goes.
   *
   * @throws IllegalArgumentException one sentence: the name, and what is allowed
   */
  void checkEntry(String entry);

  /** Whether a static role may say what an entry is to look like. */
  default boolean takesTemplates() {
    return true;
  }

  /** Whether entries can be taken away once nobody wants them any more. */
  default boolean removes() {
    return true;
  }

  /**
   * Returns how often entries may be looked at, at most, by whoever writes again what somebody else
   * has overwritten: a service that counts what is written in a day counts both. No bound by
   * default.
   */
  default Duration shortestRepair() {
    return Duration.ZERO;
  }

  /** Whether readers can reach versions before the present one, so that those are retired. */
  default boolean keepsFormer() {
    return false;
  }

  /** Whether a check may try to write, unseen by readers. */
  default boolean writesToCheck() {
    return false;
  }

  /** Whether an entry shows what it holds, so that a value is read back and compared. */
  default boolean readsBack() {
    return true;
  }
}
