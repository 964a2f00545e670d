package dev.genesysvault.destination.vault;

import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.GivenUrls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which KV engine is meant, and as whom it is spoken to.
 *
 * @param address without a slash at its end
 * @param namespace empty for the root, or for what has none
 * @param mount where the engine is mounted, without slashes around it
 */
record VaultKvSettings(URI address, String namespace, String mount, LogIn logIn) {
  private static final String ADDRESS = "address";
  private static final String NAMESPACE = "namespace";
  private static final String KV_MOUNT = "kv_mount";
  private static final String ROLE_ID = "role_id";
  private static final String SECRET_ID = "secret_id";
  private static final String APPROLE_MOUNT = "approle_mount";
  private static final String TOKEN_FILE = "token_file";

  /** The fields, in the order of their help. */
  static final List<Setting> FIELDS =
      List.of(
          new Setting(ADDRESS, false),
          new Setting(NAMESPACE, false),
          new Setting(KV_MOUNT, false),
          new Setting(ROLE_ID, false),
          new Setting(SECRET_ID, true),
          new Setting(APPROLE_MOUNT, false),
          new Setting(TOKEN_FILE, false));

  private static final int LONGEST_ADDRESS = 500;
  private static final int LONGEST_PATH = 256;
  private static final int LONGEST_FILE_NAME = 128;
  private static final int LONGEST_ID = 1_024;

  /** The one way to log in that was chosen. */
  sealed interface LogIn {
    /** By an AppRole. */
    record AppRole(String mount, String roleId, Secret secretId) implements LogIn {}

    /** By a token that somebody else keeps in a file. */
    record TokenFile(Path path) implements LogIn {}
  }

  /**
   * Reads settings.
   *
   * @param given texts by field
   * @param tokenFolder in which token files lie; empty where the sidecar was told of none
   * @throws IllegalArgumentException field, value, what is allowed; quotes no secret
   */
  static VaultKvSettings parse(Map<String, String> given, Optional<Path> tokenFolder) {
    return new VaultKvSettings(
        address(given.getOrDefault(ADDRESS, "")),
        namespace(given.getOrDefault(NAMESPACE, "")),
        mount(KV_MOUNT, given.getOrDefault(KV_MOUNT, "secret")),
        logIn(given, tokenFolder));
  }

  /** Returns where the engine is, of settings that can be read. */
  static String place(Map<String, String> given) {
    return "%s %s %s"
        .formatted(
            address(given.getOrDefault(ADDRESS, "")).toString().toLowerCase(Locale.ROOT),
            namespace(given.getOrDefault(NAMESPACE, "")),
            mount(KV_MOUNT, given.getOrDefault(KV_MOUNT, "secret")));
  }

  private static URI address(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "address is missing; must be that of the other Vault, such as https://vault.example.com:8200");
    }
    var trimmed = Texts.withoutTrailingSlashes(text.strip());
    try {
      var url = new URI(trimmed);
      var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean plain = scheme.equals("http");
      boolean whole =
          url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      if (!whole || trimmed.length() > LONGEST_ADDRESS || !(plain || scheme.equals("https"))) {
        throw badAddress(
            text,
            "must be an https URL of at most %d characters without user, query or fragment, such as https://vault.example.com:8200"
                .formatted(LONGEST_ADDRESS));
      }
      if (plain && !GivenUrls.isLoopback(url.getHost())) {
        throw badAddress(
            text,
            "must be https, since tokens and credentials would cross the network unencrypted; http is for loopback addresses alone");
      }
      if (url.getRawPath().endsWith("/v1")) {
        throw badAddress(text, "must be without /v1 at its end, which is added to each request");
      }
      return url;
    } catch (URISyntaxException _) {
      throw badAddress(
          text, "must be an https URL, such as https://vault.example.com:8200, without blanks");
    }
  }

  /** Shows no part in which a password or a token may stand. */
  private static IllegalArgumentException badAddress(String text, String allowed) {
    var shown = GivenUrls.shown(text, LONGEST_ADDRESS);
    return new IllegalArgumentException("address is \"%s\"; %s".formatted(shown, allowed));
  }

  private static String namespace(String text) {
    var path = Texts.withoutSlashes(text.strip());
    if (path.isEmpty() || VaultPaths.isPath(path, LONGEST_PATH)) {
      return path;
    }
    throw bad(NAMESPACE, text, VaultPaths.allowed(LONGEST_PATH) + ", such as team/billing");
  }

  private static String mount(String field, String text) {
    var path = Texts.withoutSlashes(text.strip());
    if (VaultPaths.isPath(path, LONGEST_PATH)) {
      return path;
    }
    throw bad(field, text, VaultPaths.allowed(LONGEST_PATH) + ": the path of the mount");
  }

  private static IllegalArgumentException bad(String field, String value, String allowed) {
    return new IllegalArgumentException(
        "%s is \"%s\"; must be %s".formatted(field, VaultPaths.shown(value), allowed));
  }

  private static LogIn logIn(Map<String, String> given, Optional<Path> tokenFolder) {
    var ofAppRole =
        List.of(ROLE_ID, SECRET_ID, APPROLE_MOUNT).stream().filter(given::containsKey).toList();
    var file = Optional.ofNullable(given.get(TOKEN_FILE));
    if (file.isPresent()) {
      if (!ofAppRole.isEmpty()) {
        throw new IllegalArgumentException(
            "token_file is given beside %s; must be one way to log in: role_id and secret_id, or token_file alone"
                .formatted(String.join(", ", ofAppRole)));
      }
      return new LogIn.TokenFile(tokenFile(file.get().strip(), tokenFolder));
    }
    for (var field : List.of(ROLE_ID, SECRET_ID)) {
      if (!given.containsKey(field)) {
        throw new IllegalArgumentException(
            "%s is missing; must be given, since role_id and secret_id of an AppRole log in together, or token_file instead of both"
                .formatted(field));
      }
    }
    var roleId = given.getOrDefault(ROLE_ID, "").strip();
    if (!isId(roleId)) {
      throw bad(ROLE_ID, roleId, "1 to 1,024 printable characters of ASCII without blanks");
    }
    // A secret that came from a file or a pipe often brings the line's end along.
    var secretId = given.getOrDefault(SECRET_ID, "").strip();
    if (!isId(secretId)) {
      throw new IllegalArgumentException(
          "secret_id cannot be one of an AppRole; must be 1 to 1,024 printable characters of ASCII without blanks");
    }
    return new LogIn.AppRole(
        mount(APPROLE_MOUNT, given.getOrDefault(APPROLE_MOUNT, "approle")),
        roleId,
        Secret.of(secretId));
  }

  private static boolean isId(String text) {
    return Texts.consistsOf(text, 1, LONGEST_ID, c -> c > ' ' && c <= '~');
  }

  private static Path tokenFile(String name, Optional<Path> tokenFolder) {
    boolean usable =
        Texts.consistsOf(
                name, 1, LONGEST_FILE_NAME, c -> Texts.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0)
            && !name.startsWith(".")
            && !name.contains("..");
    if (!usable) {
      throw bad(
          TOKEN_FILE,
          name,
          "the name of a file in the sidecar's --token-folder: 1 to %d letters, digits and -_. without a dot at its beginning or two in a row, and no path"
              .formatted(LONGEST_FILE_NAME));
    }
    return tokenFolder
        .map(folder -> folder.resolve(name))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "token_file is \"%s\", but this sidecar has no folder of tokens; must be without token_file, or start the sidecar with --token-folder, which names the folder that holds it"
                    .formatted(name)));
  }

  /** Returns the address of an API's path. */
  URI uri(String path) {
    return URI.create(address + "/v1/" + path);
  }

  /** Returns where that is, for people. */
  String place() {
    return namespace.isEmpty() ? address.toString() : address + " (namespace " + namespace + ")";
  }
}
