package dev.genesysvault.e2e;

import java.io.IOException;
import java.util.List;

/** The servers that the tests run against, and all in which these differ for a test. */
enum ServerKind {
  VAULT("Vault"),
  OPENBAO("OpenBao");

  private final String title;

  ServerKind(String title) {
    this.title = title;
  }

  /** Returns the path of the server: what Maven has left there, else what there is. */
  static String binary() throws IOException, InterruptedException {
    var left = System.getProperty("genesysvault.vault");
    return left == null ? RealProcess.run(List.of("vault-dev-config/server-binary")) : left;
  }

  /** Returns the one that {@link #binary} is. */
  static ServerKind current() throws IOException, InterruptedException {
    var version = RealProcess.run(List.of(binary(), "version"));
    for (var kind : values()) {
      if (version.startsWith(kind.title + " ")) {
        return kind;
      }
    }
    throw new AssertionError("neither Vault nor OpenBao: " + version);
  }

  /**
   * Whether the nodes that stand by have plugins of their own, and answer from the storage that is
   * replicated to them what a path does not want forwarded. Those of Vault's community edition
   * forward everything.
   */
  boolean standbysAnswer() {
    return this == OPENBAO;
  }

  /** Returns the line of configuration with which the nodes that stand by forward everything. */
  String standbysForward() {
    return this == OPENBAO ? "disable_standby_reads = true" : "";
  }

  /** Whether there are namespaces, each with mounts of its own. */
  boolean hasNamespaces() {
    return this == OPENBAO;
  }

  /** Whether its client has flags for pages of a list, and its policies bound them. */
  boolean knowsPages() {
    return this == OPENBAO;
  }

  @Override
  public String toString() {
    return title;
  }
}
