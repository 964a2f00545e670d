package dev.genesysvault.testing;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Lets in who brings a token, as Google does: of anybody, or of one account alone. */
final class GoogleLogIns implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final List<Set<String>> headers = new CopyOnWriteArrayList<>();
  private volatile String account = "";

  /** Takes tokens of this account alone from now on, as they are signed by its key. */
  void takeAccount(String email) {
    account = email;
  }

  /** Returns the names of the headers of each call so far. */
  List<Set<String>> headers() {
    return List.copyOf(headers);
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
    headers.add(sent.keys());
    if (isTaken(String.valueOf(sent.get(AUTHORIZATION)))) {
      return next.startCall(call, sent);
    }
    call.close(
        Status.UNAUTHENTICATED.withDescription("Request had invalid authentication credentials."),
        new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private boolean isTaken(String bearer) {
    if (!bearer.startsWith("Bearer ")) {
      return false;
    }
    var parts = bearer.split("\\.", -1);
    if (account.isEmpty() || parts.length != 3) {
      return account.isEmpty();
    }
    var claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    return claims.contains("\"iss\":\"" + account + "\"");
  }
}
