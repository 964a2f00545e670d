package dev.genesysvault.genesys;

import static dev.genesysvault.genesys.JsonStream.array;
import static dev.genesysvault.genesys.JsonStream.object;
import static dev.genesysvault.genesys.JsonStream.text;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.network.Transport.FailedException;
import dev.genesysvault.upstream.Grants;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what a client holds while it arrives. Genesys repeats a role with all of its policies for
 * each division: of a thousand grants come tens of megabytes, and what they say is little.
 */
final class HeldGrants {
  /** Pairs, and actions of policies: far more than Genesys lets a client hold. */
  private static final int MOST = 50_000;

  private final Set<RoleDivision> pairs = new HashSet<>();
  private final Set<Grants.Policy> policies = new LinkedHashSet<>();
  private int actions;
  private boolean whole;
  private boolean listed;

  /** Reads it to its end. What cannot be read makes it not {@link #readable}. */
  void read(InputStream body) throws IOException {
    try (var parser = JsonStream.parser(body)) {
      boolean read =
          object(
              parser,
              parser.nextToken(),
              (name, value) -> {
                if (name.equals("grants")) {
                  listed |= array(parser, value, element -> grant(parser, element));
                } else {
                  parser.skipChildren();
                }
              });
      whole = read && parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (JacksonException _) {
      whole = false;
    }
  }

  private void grant(JsonParser parser, JsonToken first) throws IOException {
    var ids = new String[] {"", ""};
    object(
        parser,
        first,
        (name, value) -> {
          switch (name) {
            case "role" -> ids[0] = role(parser, value);
            case "division" -> ids[1] = id(parser, value);
            default -> parser.skipChildren();
          }
        });
    try {
      pairs.add(new RoleDivision(ids[0], ids[1]));
    } catch (IllegalArgumentException _) {
      // A grant without role or division lets nobody do anything.
    }
    check(pairs.size(), "roles and divisions");
  }

  private static String id(JsonParser parser, JsonToken first) throws IOException {
    var id = new String[] {""};
    object(
        parser,
        first,
        (name, value) -> {
          if (name.equals("id")) {
            id[0] = text(parser, value);
          } else {
            parser.skipChildren();
          }
        });
    return id[0];
  }

  private String role(JsonParser parser, JsonToken first) throws IOException {
    var id = new String[] {""};
    object(
        parser,
        first,
        (name, value) -> {
          switch (name) {
            case "id" -> id[0] = text(parser, value);
            case "policies" -> array(parser, value, element -> policy(parser, element));
            default -> parser.skipChildren();
          }
        });
    return id[0];
  }

  private void policy(JsonParser parser, JsonToken first) throws IOException {
    var words = new String[] {"", ""};
    var its = new HashSet<String>();
    object(
        parser,
        first,
        (name, value) -> {
          switch (name) {
            case "domain" -> words[0] = text(parser, value);
            case "entityName" -> words[1] = text(parser, value);
            case "actions" ->
                array(
                    parser,
                    value,
                    element -> {
                      its.add(text(parser, element));
                      check(its.size(), "actions");
                    });
            default -> parser.skipChildren();
          }
        });
    if (policies.add(new Grants.Policy(words[0], words[1], its))) {
      actions += 1 + its.size();
      check(actions, "actions");
    }
  }

  private static void check(int count, String what) throws FailedException {
    if (count > MOST) {
      throw new FailedException("the client holds more than %d %s".formatted(MOST, what), true);
    }
  }

  /** Whether it was what a client holds, from its beginning to its end. */
  boolean readable() {
    return whole && listed;
  }

  Grants grants() {
    return new Grants(pairs, List.copyOf(policies));
  }
}
