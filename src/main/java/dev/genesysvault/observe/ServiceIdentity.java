package dev.genesysvault.observe;

import dev.genesysvault.domain.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which process metrics are of, by OpenTelemetry's semantic conventions: without it a receiver
 * would take those of several sidecars for one.
 *
 * @param attributes of the resource, by name
 */
record ServiceIdentity(Map<String, String> attributes) {
  private static final String SERVICE = "genesys-sidecar";

  /** Asks no name server, unlike the JDK's own way to the host's name. */
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private static final int LONGEST_HOST_NAME = 255;

  /** Copies the attributes. */
  ServiceIdentity {
    attributes = Map.copyOf(attributes);
  }

  /**
   * Returns that of this process, with another instance id each time it is asked for.
   *
   * @param version of the sidecar
   */
  static ServiceIdentity of(String version) {
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("service.name", SERVICE);
    attributes.put("service.version", version);
    attributes.put("service.instance.id", UUID.randomUUID().toString());
    var host = hostName();
    if (!host.isEmpty()) {
      attributes.put("host.name", host);
    }
    return new ServiceIdentity(attributes);
  }

  private static String hostName() {
    try {
      return Texts.printable(Files.readString(HOST_NAME).strip(), LONGEST_HOST_NAME);
    } catch (IOException _) {
      return "";
    }
  }
}
