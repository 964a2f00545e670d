package dev.genesysvault.destination.aws;

/**
 * One thing that AWS is asked to do.
 *
 * @param service by which policies name it, such as {@code secretsmanager}
 * @param action such as {@code GetSecretValue}
 * @param about of what, for people
 * @param resource what a policy has to allow it on, for people
 * @param unfit what to do where it is not taken as it is, for people
 */
record Ask(String service, String action, String about, String resource, String unfit) {
  /** Returns one about a secret. */
  static Ask of(String action, SecretId id, String unfit) {
    return new Ask("secretsmanager", action, "of %s ".formatted(id), id.resource(), unfit);
  }

  /** Returns one of a log-in. */
  static Ask logIn(String action, String resource, String unfit) {
    return new Ask("sts", action, "", resource, unfit);
  }

  /** Whether it comes before everything else. */
  boolean isLogIn() {
    return service.equals("sts");
  }

  String permission() {
    return service + ":" + action;
  }
}
