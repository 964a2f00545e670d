package dev.genesysvault.engine;

import com.google.protobuf.TextFormat;
import dev.genesysvault.engine.request.FieldLimits;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.proto.v1.Field;
import dev.genesysvault.proto.v1.FieldType;
import dev.genesysvault.proto.v1.Path;
import dev.genesysvault.storage.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the engine looks like to Vault, from the same file that the shim embeds: which paths there
 * are, and what their fields are where nobody sends them.
 */
public final class EngineDescriptor {
  private static final String RESOURCE = "/genesysvault/v1/engine.textproto";

  /** The releases whose plugins are served, the latest first. */
  static final List<String> RELEASES = List.of("v0.1.0");

  /** What says by its type how long it can be. */
  private static final Set<FieldType> SCALARS =
      Set.of(
          FieldType.FIELD_TYPE_INT,
          FieldType.FIELD_TYPE_BOOL,
          FieldType.FIELD_TYPE_DURATION_SECOND,
          FieldType.FIELD_TYPE_TIME);

  private final String sha256;
  private final Map<String, Map<String, Object>> defaultsByPath;
  private final Map<String, FieldLimits> limitsByPath;

  private EngineDescriptor(
      String sha256,
      Map<String, Map<String, Object>> defaultsByPath,
      Map<String, FieldLimits> limitsByPath) {
    this.sha256 = sha256;
    this.defaultsByPath = defaultsByPath;
    this.limitsByPath = limitsByPath;
  }

  /** Reads the descriptor that this sidecar was built with. */
  public static EngineDescriptor current() {
    return read(RESOURCE);
  }

  /**
   * Reads every descriptor whose plugins this sidecar serves: its own first, then those of the
   * releases, so that a sidecar can be upgraded before the plugins that speak to it.
   */
  public static List<EngineDescriptor> served() {
    var own = current();
    var served = new LinkedHashMap<String, EngineDescriptor>();
    served.put(own.sha256, own);
    for (var release : RELEASES) {
      var released = read("/genesysvault/v1/released/%s/engine.textproto".formatted(release));
      served.putIfAbsent(released.sha256, released);
    }
    return List.copyOf(served.values());
  }

  private static EngineDescriptor read(String name) {
    try (var resource = EngineDescriptor.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return parse(resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Parses a descriptor.
   *
   * @param text the bytes of an engine.textproto
   * @throws IllegalArgumentException if it is none, or declares a path twice
   */
  public static EngineDescriptor parse(byte[] text) {
    try {
      var engine =
          TextFormat.parse(
              new String(text, StandardCharsets.UTF_8), dev.genesysvault.proto.v1.Engine.class);
      var defaults = new LinkedHashMap<String, Map<String, Object>>();
      var limits = new HashMap<String, FieldLimits>();
      for (var path : engine.getPathsList()) {
        if (defaults.put(path.getId(), defaultsOf(path)) != null) {
          throw new IllegalArgumentException("path %s is declared twice".formatted(path.getId()));
        }
        limits.put(path.getId(), limitsOf(path));
      }
      return new EngineDescriptor(hash(text), defaults, limits);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException("not an engine descriptor: " + e.getMessage(), e);
    }
  }

  /**
   * Returns this descriptor as a sidecar serves it whose own is another: its paths and limits, with
   * the defaults of the latter, which are those that handlers know.
   */
  EngineDescriptor servedBy(EngineDescriptor own) {
    var defaults = new LinkedHashMap<String, Map<String, Object>>();
    pathIds().forEach(path -> defaults.put(path, own.defaults(path)));
    return new EngineDescriptor(sha256, defaults, limitsByPath);
  }

  /** Returns the lower-case hexadecimal SHA-256 of the file. */
  public String sha256() {
    return sha256;
  }

  /** Returns the ids of the paths. */
  public Set<String> pathIds() {
    return defaultsByPath.keySet();
  }

  /** Returns the declared values of a path's fields where nobody sends them, by field. */
  public Map<String, Object> defaults(String pathId) {
    return defaultsByPath.getOrDefault(pathId, Map.of());
  }

  /**
   * Returns the fields that a caller sent.
   *
   * @param captures what the path's pattern captured, by name
   * @param json one JSON object; empty for none
   * @throws RefusedException if anything is larger than the descriptor allows, or {@code json} is
   *     no JSON object
   */
  public Fields fields(String pathId, Map<String, String> captures, byte[] json) {
    var limits = limits(pathId);
    limits.check(captures);
    return new Fields(limits.read(json), defaults(pathId));
  }

  /** Returns how much each field of a path may bring in. */
  FieldLimits limits(String pathId) {
    return limitsByPath.getOrDefault(pathId, new FieldLimits(Map.of()));
  }

  private static FieldLimits limitsOf(Path path) {
    var limits = new HashMap<String, FieldLimits.Limit>();
    for (Field field : path.getFieldsList()) {
      if (SCALARS.contains(field.getType())) {
        limits.put(field.getName(), new FieldLimits.Limit(FieldLimits.SCALAR_BYTES, 0, 0));
      } else if (field.getMaxBytes() > 0) {
        // An older descriptor says none.
        limits.put(
            field.getName(),
            new FieldLimits.Limit(field.getMaxBytes(), field.getMaxItems(), field.getMaxDepth()));
      }
    }
    return new FieldLimits(limits);
  }

  private static Map<String, Object> defaultsOf(Path path) {
    var defaults = new HashMap<String, Object>();
    for (Field field : path.getFieldsList()) {
      if (!field.getDefaultJson().isEmpty()) {
        var wrapped = "{\"value\":" + field.getDefaultJson() + "}";
        var value = Json.read(wrapped.getBytes(StandardCharsets.UTF_8)).get("value");
        if (value != null) {
          defaults.put(field.getName(), value);
        }
      }
    }
    return defaults;
  }

  private static String hash(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
