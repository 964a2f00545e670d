package dev.genesysvault.e2e;

import java.util.Locale;

/** What is measured, each beside requests to a KV engine of the same server. */
enum PerformanceOperation {
  CREDS,
  RENEW,
  REVOKE,
  STATIC_CREDS,
  /** The same beside a KV engine whose process is not Vault's either. */
  STATIC_CREDS_EXTERNAL;

  /** Returns what it is compared with. */
  String beside() {
    return switch (this) {
      case CREDS, RENEW, REVOKE -> "KV v2 write";
      case STATIC_CREDS -> "KV v1 read";
      case STATIC_CREDS_EXTERNAL -> "KV v1 list, external plugin";
    };
  }

  /** Returns a request of what it is compared with. */
  PerformanceRound.Call reference(PerformanceStack stack) {
    return switch (this) {
      case CREDS, RENEW, REVOKE -> stack::kvWrite;
      case STATIC_CREDS -> stack::kv1Read;
      case STATIC_CREDS_EXTERNAL -> stack::externalKvList;
    };
  }

  PerformanceRound.Call request(PerformanceStack stack) {
    return switch (this) {
      case CREDS -> stack::issue;
      case RENEW -> stack::renew;
      case REVOKE -> stack::revoke;
      case STATIC_CREDS, STATIC_CREDS_EXTERNAL -> stack::staticCredential;
    };
  }

  /** Whether it takes leases that were issued before. */
  boolean takesLeases() {
    return this == RENEW || this == REVOKE;
  }

  /** Returns its name in properties and tables. */
  String title() {
    return this == STATIC_CREDS_EXTERNAL
        ? STATIC_CREDS.title()
        : name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
