package dev.genesysvault.network;

import java.security.Principal;
import org.apache.hc.client5.http.auth.AuthChallenge;
import org.apache.hc.client5.http.auth.AuthScheme;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Logs in to a proxy without being asked. */
record KnownLogIn(ProxyLogIn logIn) implements AuthScheme {
  @Override
  public String getName() {
    return "Basic";
  }

  @Override
  public String generateAuthResponse(HttpHost host, HttpRequest request, HttpContext context) {
    return logIn.header().reveal();
  }

  @Override
  public boolean isConnectionBased() {
    return false;
  }

  @Override
  public void processChallenge(AuthChallenge challenge, HttpContext context) {
    // There is no second log-in to try.
  }

  @Override
  public boolean isChallengeComplete() {
    return true;
  }

  @Override
  public boolean isResponseReady(
      HttpHost host, CredentialsProvider credentials, HttpContext context) {
    return true;
  }

  @Override
  public @Nullable String getRealm() {
    return null;
  }

  @Override
  public @Nullable Principal getPrincipal() {
    return null;
  }
}
