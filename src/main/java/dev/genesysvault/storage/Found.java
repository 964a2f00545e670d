package dev.genesysvault.storage;

/**
 * What was found in storage under one of many names.
 *
 * @param <T> the kind of document
 */
public sealed interface Found<T> {
  /** A document. */
  record Document<T>(String name, T document) implements Found<T> {}

  /** No entry. */
  record Nothing<T>(String name) implements Found<T> {}

  /**
   * An entry that this version cannot read.
   *
   * @param reason one sentence; never holds a value from the storage
   */
  record Unreadable<T>(String name, String reason) implements Found<T> {}

  /** Returns the name that was asked for. */
  String name();
}
