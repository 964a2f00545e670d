package dev.genesysvault.e2e;

import java.util.Locale;

/** What is measured, each beside requests to a KV engine of the same server. */
enum PerformanceOperation {
  CREDS,
  RENEW,
  REVOKE,
  STATIC_CREDS;

  /** Returns what it is compared with. */
  String beside() {
    return this == STATIC_CREDS ? "KV v1 read" : "KV v2 write";
  }

  /** Returns a request of what it is compared with. */
  PerformanceRound.Call reference(PerformanceStack stack) {
    return this == STATIC_CREDS ? stack::kv1Read : stack::kvWrite;
  }

  PerformanceRound.Call request(PerformanceStack stack) {
    return switch (this) {
      case CREDS -> stack::issue;
      case RENEW -> stack::renew;
      case REVOKE -> stack::revoke;
      case STATIC_CREDS -> stack::staticCredential;
    };
  }

  /** Whether it takes leases that were issued before. */
  boolean takesLeases() {
    return this == RENEW || this == REVOKE;
  }

  /** Returns its name in paths, properties and tables. */
  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
