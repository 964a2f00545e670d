package dev.genesysvault.network;

import dev.genesysvault.domain.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** With whom a proxy has to do: a user, and a password that no text of this class shows. */
public final class ProxyLogIn {
  private final String user;
  private final Secret header;

  private ProxyLogIn(String user, Secret header) {
    this.user = user;
    this.header = header;
  }

  /**
   * Makes one.
   *
   * @param user neither empty nor with a colon, which ends a user in HTTP
   * @throws IllegalArgumentException what must be otherwise; quotes neither
   */
  public static ProxyLogIn of(String user, String password) {
    if (user.isEmpty() || user.indexOf(':') >= 0) {
      throw new IllegalArgumentException("the user must be there, and without a colon");
    }
    if ((user + password).chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("user and password must be without control characters");
    }
    var both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new ProxyLogIn(user, Secret.of("Basic " + Base64.getEncoder().encodeToString(both)));
  }

  /**
   * Reads {@code user:password}; the password may have colons.
   *
   * @throws IllegalArgumentException what must be otherwise; quotes nothing of the text
   */
  public static ProxyLogIn parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("must be one line of user:password");
    }
    return of(text.substring(0, colon), text.substring(colon + 1));
  }

  /** Returns the user, for people. */
  public String user() {
    return user;
  }

  /** Returns the value of a {@code Proxy-Authorization} header: Basic, of UTF-8. */
  public Secret header() {
    return header;
  }

  @Override
  public String toString() {
    return "ProxyLogIn[%s]".formatted(user);
  }
}
