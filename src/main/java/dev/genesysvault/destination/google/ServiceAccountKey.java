package dev.genesysvault.destination.google;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/**
 * The key of a service account, as Google gives it out. Other documents that log in at Google may
 * name programs, files and addresses of their own: whoever may write a destination may not have the
 * sidecar use those.
 *
 * @param email names the account; no secret
 */
record ServiceAccountKey(
    String email, String clientId, String keyId, Secret privateKey, URI tokenUri) {
  private static final String TYPE = "service_account";
  private static final String TOKEN_URI = "https://oauth2.googleapis.com/token";
  private static final int LONGEST_MEMBER = 8 * 1024;
  private static final int LONGEST_WORD = 320;
  private static final int LONGEST_TYPE = 40;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxTokenCount(200).maxNestingDepth(5).build())
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build());

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException what must be otherwise; quotes nothing but the type
   */
  static ServiceAccountKey parse(String text) {
    JsonNode key;
    try {
      key = MAPPER.readTree(text);
    } catch (JsonProcessingException _) {
      throw bad("are no JSON document");
    }
    if (key == null || !key.isObject()) {
      throw bad("are no JSON document");
    }
    var type = key.path("type").asText("");
    if (!type.equals(TYPE)) {
      // A word of another form may be anything.
      boolean word = Texts.consistsOf(type, 1, LONGEST_TYPE, c -> c == '_' || isLowerCase(c));
      throw bad(
          "are of the type \"%s\", which may name programs, files and addresses and so belongs to the environment of the sidecar's own process (credentials empty)"
              .formatted(word ? type : "…"));
    }
    for (var member : List.of("client_email", "client_id", "private_key_id", "private_key")) {
      if (!key.path(member).isTextual() || key.path(member).asText().isBlank()) {
        throw bad("have no " + member);
      }
    }
    return new ServiceAccountKey(
        word(key, "client_email"),
        word(key, "client_id"),
        word(key, "private_key_id"),
        Secret.of(Texts.cut(key.path("private_key").asText(), LONGEST_MEMBER)),
        tokenUri(key.path("token_uri").asText(TOKEN_URI)));
  }

  private static String word(JsonNode key, String member) {
    var text = key.path(member).asText();
    if (!Texts.consistsOf(text, 1, LONGEST_WORD, c -> c > ' ' && c <= '~')) {
      throw bad("have a %s that is none".formatted(member));
    }
    return text;
  }

  private static URI tokenUri(String text) {
    try {
      var uri = new URI(text);
      if ("https".equals(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // As below.
    }
    throw bad("have a token_uri that is no https URL");
  }

  private static boolean isLowerCase(int c) {
    return c >= 'a' && c <= 'z';
  }

  private static IllegalArgumentException bad(String what) {
    return new IllegalArgumentException(
        "credentials %s; must be the key of a service account as JSON, as Google gives it out: its type is service_account; or empty"
            .formatted(what));
  }

  /** Names the account alone. */
  @Override
  public String toString() {
    return "ServiceAccountKey[%s]".formatted(email);
  }
}
