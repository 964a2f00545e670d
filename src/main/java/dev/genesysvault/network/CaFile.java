package dev.genesysvault.network;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A file of certificates in PEM, at most 1 MB, with any text between them. */
public final class CaFile {
  private static final int LARGEST = 1024 * 1024;
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private CaFile() {}

  /**
   * Reads all certificates of a file, of which there is at least one.
   *
   * @param setting which names the file, such as {@code --ca-file}
   * @throws IOException if that cannot be done; the message names setting and file, what is wrong
   *     with it and what to do
   */
  public static List<X509Certificate> read(String setting, Path path) throws IOException {
    try {
      return certificates(new String(SmallFile.read(path, LARGEST), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new IOException(
          "%s is \"%s\": %s; it must be a file of one or more certificates in PEM, of at most 1 MB, that this process may read"
              .formatted(setting, path, e.getMessage()),
          e);
    }
  }

  private static List<X509Certificate> certificates(String text) throws IOException {
    if (text.contains("PRIVATE KEY-----")) {
      throw new IOException("it holds a private key, which does not belong there");
    }
    var found = new ArrayList<X509Certificate>();
    int begin = text.indexOf(BEGIN);
    while (begin >= 0) {
      int end = text.indexOf(END, begin);
      int number = found.size() + 1;
      if (end < 0) {
        throw new IOException("certificate %d has no end: %s".formatted(number, END));
      }
      found.add(certificate(text.substring(begin + BEGIN.length(), end), number));
      begin = text.indexOf(BEGIN, end);
    }
    if (found.isEmpty()) {
      throw new IOException("it holds no certificate in PEM: " + BEGIN);
    }
    return found;
  }

  private static X509Certificate certificate(String body, int number) throws IOException {
    try {
      var der = Base64.getMimeDecoder().decode(body);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IllegalArgumentException | CertificateException e) {
      throw new IOException("certificate %d cannot be understood".formatted(number), e);
    }
  }
}
