package dev.genesysvault.destination.google;

import dev.genesysvault.destination.DestinationKind.Form;
import dev.genesysvault.destination.DestinationKind.Setting;
import dev.genesysvault.destination.Forms;
import dev.genesysvault.domain.Texts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which secrets are meant, as whom they are spoken to, and what becomes of them.
 *
 * @param project its id or number
 * @param location empty for global secrets
 * @param address https URL of host and port
 * @param key empty for what the sidecar's process finds
 * @param create how a secret is made that is not there; empty where none is
 * @param alias that names the present version; empty where readers use {@code latest}
 * @param destroyFormer whether former versions are destroyed, and not disabled
 */
record GcpSettings(
    String project,
    String location,
    URI address,
    Optional<ServiceAccountKey> key,
    Optional<NewSecret> create,
    String alias,
    boolean destroyFormer) {
  static final String ENDPOINT = "endpoint";

  private static final String PROJECT_ID = "project_id";
  private static final String LOCATION = "location";
  private static final String CREDENTIALS = "credentials";
  private static final String CREATE_SECRET = "create_secret";
  private static final String ALIAS = "alias";
  private static final String DESTROY_FORMER = "destroy_former";
  private static final String LABELS = "labels";
  private static final String REPLICAS = "replicas";

  /** The fields, in the order of their help. */
  static final List<Setting> FIELDS =
      List.of(
          new Setting(PROJECT_ID, false),
          new Setting(LOCATION, false),
          new Setting(ENDPOINT, false),
          new Setting(CREDENTIALS, true),
          new Setting(CREATE_SECRET, Form.FLAG),
          new Setting(ALIAS, false),
          new Setting(DESTROY_FORMER, Form.FLAG),
          new Setting(LABELS, Form.PAIRS),
          new Setting(REPLICAS, Form.LIST));

  private static final String OF_GOOGLE = ".googleapis.com";
  private static final int LONGEST_NUMBER = 20;
  private static final int LONGEST_WORD = 63;
  private static final int LONGEST_SHOWN = 100;
  private static final int LONGEST_HOST = 253;
  private static final int LAST_PORT = 65_535;
  private static final int MOST_LABELS = 64;

  /** What readers name, where there is no alias. */
  static final String LATEST = "latest";

  /**
   * What a secret is made with.
   *
   * @param replicas locations; empty for automatic replication
   */
  record NewSecret(Map<String, String> labels, List<String> replicas) {}

  /**
   * Reads settings.
   *
   * @param given texts by field
   * @throws IllegalArgumentException field, value, what is allowed; quotes no secret
   */
  static GcpSettings parse(Map<String, String> given) {
    var settings = parsed(given);
    if (settings.key().isEmpty() && !settings.address().getHost().endsWith(OF_GOOGLE)) {
      throw bad(
          ENDPOINT,
          settings.address().getHost(),
          "one of Google's where no credentials are given, such as secretmanager.googleapis.com: the log-in of the sidecar's own process goes nowhere else");
    }
    return settings;
  }

  private static GcpSettings parsed(Map<String, String> given) {
    var location = location(given.getOrDefault(LOCATION, "").strip());
    return new GcpSettings(
        project(given.getOrDefault(PROJECT_ID, "").strip()),
        location,
        address(given.getOrDefault(ENDPOINT, "").strip(), location),
        Optional.ofNullable(given.get(CREDENTIALS)).map(ServiceAccountKey::parse),
        create(given, location),
        alias(given.getOrDefault(ALIAS, "").strip()),
        isSet(given, DESTROY_FORMER));
  }

  /** Returns where the secrets are, of settings that can be read: projects are Google's own. */
  static String place(Map<String, String> given) {
    var settings = parsed(given);
    var host = settings.address().getHost();
    return "%s %s %s"
        .formatted(host.endsWith(OF_GOOGLE) ? "" : host, settings.project(), settings.location());
  }

  private static boolean isSet(Map<String, String> given, String flag) {
    return given.getOrDefault(flag, "").equals("true");
  }

  private static String project(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "project_id is missing; must be the id or the number of a project of Google Cloud, such as acme-prod");
    }
    boolean id = isOfLowerCase(text, 6, 30) && isLowerCase(text.charAt(0)) && !text.endsWith("-");
    if (!id && !Texts.consistsOf(text, 1, LONGEST_NUMBER, Texts::isDigit)) {
      throw bad(
          PROJECT_ID,
          text,
          "the id of a project, 6 to 30 lower-case letters, digits and hyphens, a letter first and no hyphen last, such as acme-prod; or its number");
    }
    return text;
  }

  private static String location(String text) {
    if (!text.isEmpty() && !isLocation(text)) {
      throw bad(LOCATION, text, "a location of regional secrets, such as europe-west3; or empty");
    }
    return text;
  }

  private static boolean isLocation(String text) {
    return isOfLowerCase(text, 1, LONGEST_WORD)
        && isLowerCase(text.charAt(0))
        && !text.endsWith("-");
  }

  private static URI address(String endpoint, String location) {
    var host =
        location.isEmpty()
            ? "secretmanager.googleapis.com"
            : "secretmanager.%s.rep.googleapis.com".formatted(location);
    if (endpoint.isEmpty()) {
      return URI.create("https://%s:443".formatted(host));
    }
    try {
      var url = new URI("https://" + endpoint);
      boolean whole =
          url.getHost() != null
              && url.getHost().length() <= LONGEST_HOST
              && url.getPort() != 0
              && url.getPort() <= LAST_PORT
              // Neither log-in nor path, nor a colon without a port.
              && endpoint.equals(
                  url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort());
      if (whole) {
        int port = url.getPort() < 0 ? 443 : url.getPort();
        return URI.create("https://%s:%d".formatted(url.getHost(), port));
      }
    } catch (URISyntaxException _) {
      // As below.
    }
    int at = endpoint.lastIndexOf('@');
    throw bad(
        ENDPOINT,
        at < 0 ? endpoint : "…" + endpoint.substring(at),
        "HOST or HOST:PORT, without https:// before it and without a path, such as secretmanager.example.com:443");
  }

  private static Optional<NewSecret> create(Map<String, String> given, String location) {
    var labels = Forms.pairs(given.getOrDefault(LABELS, ""));
    var replicas = Forms.list(given.getOrDefault(REPLICAS, ""));
    if (!isSet(given, CREATE_SECRET)) {
      if (!labels.isEmpty()) {
        throw withoutUse(LABELS, labels.keySet().toString());
      }
      if (!replicas.isEmpty()) {
        throw withoutUse(REPLICAS, replicas.toString());
      }
      return Optional.empty();
    }
    if (!replicas.isEmpty() && !location.isEmpty()) {
      throw new IllegalArgumentException(
          "replicas is \"%s\" beside location; must be empty, since regional secrets lie in their location alone"
              .formatted(shown(replicas.toString())));
    }
    return Optional.of(new NewSecret(labels(labels), replicas(replicas)));
  }

  private static IllegalArgumentException withoutUse(String field, String value) {
    return new IllegalArgumentException(
        "%s is \"%s\" without create_secret=true; must be empty, since it is for secrets that are made"
            .formatted(field, shown(value)));
  }

  private static Map<String, String> labels(Map<String, String> labels) {
    if (labels.size() > MOST_LABELS) {
      throw bad(LABELS, labels.size() + " labels", "at most %d labels".formatted(MOST_LABELS));
    }
    labels.forEach((key, value) -> {
      boolean begun = !key.isEmpty() && isLabelLetter(key.codePointAt(0));
      if (!begun || !isOfLabel(key) || !isOfLabel(value)) {
        throw bad(
            LABELS,
            key + "=" + value,
            "keys and values of at most %d lower-case letters, digits, - and _, keys with a letter first"
                .formatted(LONGEST_WORD));
      }
    });
    return Map.copyOf(labels);
  }

  private static boolean isOfLabel(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST_WORD
        && text.codePoints()
            .allMatch(c -> isLabelLetter(c) || Character.isDigit(c) || c == '-' || c == '_');
  }

  /** Scripts without upper and lower case have letters as well. */
  private static boolean isLabelLetter(int c) {
    return Character.getType(c) == Character.LOWERCASE_LETTER
        || Character.getType(c) == Character.OTHER_LETTER;
  }

  private static List<String> replicas(List<String> replicas) {
    for (var each : replicas) {
      if (!isLocation(each)) {
        throw bad(REPLICAS, each, "locations, such as europe-west3,europe-west4");
      }
    }
    if (new HashSet<>(replicas).size() < replicas.size()) {
      throw bad(REPLICAS, replicas.toString(), "locations, each of them once");
    }
    return replicas;
  }

  private static String alias(String text) {
    if (text.isEmpty()) {
      return text;
    }
    boolean fit =
        Texts.consistsOf(
                text, 1, LONGEST_WORD, c -> Texts.isLetterOrDigit(c) || c == '-' || c == '_')
            && Texts.isLetterOrDigit(text.charAt(0))
            && !Texts.isDigit(text.charAt(0))
            && !text.equalsIgnoreCase(LATEST)
            && !text.equalsIgnoreCase("new");
    if (!fit) {
      throw bad(
          ALIAS,
          text,
          "1 to %d letters, digits, - and _, a letter first, and neither latest nor NEW; or empty, where readers use latest"
              .formatted(LONGEST_WORD));
    }
    return text;
  }

  private static boolean isOfLowerCase(String text, int least, int most) {
    return Texts.consistsOf(text, least, most, c -> isLowerCase(c) || Texts.isDigit(c) || c == '-');
  }

  private static boolean isLowerCase(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static IllegalArgumentException bad(String field, String value, String allowed) {
    return new IllegalArgumentException(
        "%s is \"%s\"; must be %s".formatted(field, shown(value), allowed));
  }

  private static String shown(String text) {
    return Texts.printable(text, LONGEST_SHOWN);
  }

  /** Returns the name of what secrets are in. */
  String parent() {
    return location.isEmpty()
        ? "projects/" + project
        : "projects/%s/locations/%s".formatted(project, location);
  }

  /** Returns the name of an entry's secret. */
  String secret(String entry) {
    return parent() + "/secrets/" + entry;
  }

  /** Returns what readers name: the alias, or {@code latest}. */
  String readersName() {
    return alias.isEmpty() ? LATEST : alias;
  }

  /** Returns where everything is asked, for people. */
  String place() {
    int port = address.getPort();
    var host = port == 443 ? address.getHost() : address.getHost() + ":" + port;
    return "%s (%s)".formatted(host, parent());
  }

  /** Returns whose permissions are meant, for people. */
  String who() {
    return key.map(it -> "the service account " + it.email())
        .orElse("whom the sidecar runs as at Google");
  }
}
