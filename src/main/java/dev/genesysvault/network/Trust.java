package dev.genesysvault.network;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are trusted: whom the JVM trusts, and authorities of the operator's own beside
 * them, or these alone. A certificate that is not is told by its names.
 */
public final class Trust {
  private Trust() {}

  /**
   * Returns a context for connections to others.
   *
   * @param more trusted beside those of the JVM
   */
  public static SSLContext with(List<X509Certificate> more) {
    try {
      return context(trusting(more));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JVM's own trust cannot be used", e);
    }
  }

  /**
   * Returns a context for connections to others, with which nobody else's certificates are trusted.
   */
  public static SSLContext only(List<X509Certificate> authorities) {
    try {
      return context(trustingOnly(authorities));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("these authorities cannot be trusted", e);
    }
  }

  private static SSLContext context(X509ExtendedTrustManager trusting)
      throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Telling(trusting)}, null);
    return context;
  }

  static X509ExtendedTrustManager trusting(List<X509Certificate> more)
      throws GeneralSecurityException, IOException {
    var system = manager(null);
    return more.isEmpty() ? system : manager(store(List.of(system.getAcceptedIssuers()), more));
  }

  static X509ExtendedTrustManager trustingOnly(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    return manager(store(List.of(), authorities));
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore trusted)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return Stream.of(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("no trust manager for certificates"));
  }

  private static KeyStore store(List<X509Certificate> system, List<X509Certificate> own)
      throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (var each : system) {
      store.setCertificateEntry("system-" + number++, each);
    }
    for (var each : own) {
      store.setCertificateEntry("own-" + number++, each);
    }
    return store;
  }

  /** Asks another one, and says whose certificate it does not trust. */
  private static final class Telling extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager inner;

    private Telling(X509ExtendedTrustManager inner) {
      this.inner = inner;
    }

    @FunctionalInterface
    private interface Check {
      void run() throws CertificateException;
    }

    private static void telling(X509Certificate[] chain, Check check) throws CertificateException {
      try {
        check.run();
      } catch (CertificateException e) {
        throw new UntrustedException(chain, e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      telling(chain, () -> inner.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      telling(chain, () -> inner.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      telling(chain, () -> inner.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      inner.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      inner.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      inner.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return inner.getAcceptedIssuers();
    }
  }
}
