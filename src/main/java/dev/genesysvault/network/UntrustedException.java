package dev.genesysvault.network;

import dev.genesysvault.domain.Texts;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;

/** A certificate is not trusted; the message says whose it is, and what to do. */
final class UntrustedException extends CertificateException {
  private static final long serialVersionUID = 1;

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_REASON = 300;

  /**
   * Makes one.
   *
   * @param chain as the other side showed it, its own certificate first
   */
  UntrustedException(X509Certificate[] chain, CertificateException cause) {
    super(text(chain, cause), cause);
  }

  private static String text(X509Certificate[] chain, CertificateException cause) {
    if (chain.length == 0) {
      return "it shows no certificate";
    }
    var own = chain[0];
    var last = chain[chain.length - 1];
    return "its certificate is not trusted: it is of \"%s\", and issued by \"%s\": %s"
        .formatted(
            shown(own.getSubjectX500Principal().getName(), LONGEST_NAME),
            shown(last.getIssuerX500Principal().getName(), LONGEST_NAME),
            reason(cause));
  }

  private static String reason(CertificateException cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof CertificateExpiredException) {
        return "it, or one that it depends on, has expired";
      }
      if (each instanceof CertificateNotYetValidException) {
        return "it, or one that it depends on, is not valid yet: is this host's clock right?";
      }
      if (each instanceof CertPathBuilderException) {
        return "if that is your own authority, or that of a proxy that looks into TLS, give its certificate with --ca-file";
      }
    }
    return shown(String.valueOf(cause.getMessage()), LONGEST_REASON);
  }

  /** What the other side wrote is anybody's text. */
  private static String shown(String text, int longest) {
    var shown = new StringBuilder();
    Texts.cut(text, longest)
        .codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }
}
