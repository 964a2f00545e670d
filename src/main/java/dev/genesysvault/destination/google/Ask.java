package dev.genesysvault.destination.google;

/** What is asked of Secret Manager, and what whoever asks must be permitted. */
enum Ask {
  ACCESS(
      "AccessSecretVersion",
      "name",
      "secretmanager.versions.access",
      "roles/secretmanager.secretAccessor"),
  ADD(
      "AddSecretVersion",
      "parent",
      "secretmanager.versions.add",
      "roles/secretmanager.secretVersionManager"),
  LIST(
      "ListSecretVersions",
      "parent",
      "secretmanager.versions.list",
      "roles/secretmanager.secretVersionManager"),
  VERSION(
      "GetSecretVersion",
      "name",
      "secretmanager.versions.get",
      "roles/secretmanager.secretVersionManager"),
  DISABLE(
      "DisableSecretVersion",
      "name",
      "secretmanager.versions.disable",
      "roles/secretmanager.secretVersionManager"),
  DESTROY(
      "DestroySecretVersion",
      "name",
      "secretmanager.versions.destroy",
      "roles/secretmanager.secretVersionManager"),
  SECRET("GetSecret", "name", "secretmanager.secrets.get", "roles/secretmanager.viewer"),
  UPDATE(
      "UpdateSecret", "secret.name", "secretmanager.secrets.update", "roles/secretmanager.admin"),
  CREATE("CreateSecret", "parent", "secretmanager.secrets.create", "roles/secretmanager.admin"),
  /** Everybody may ask. */
  PERMISSIONS("TestIamPermissions", "resource", "", "");

  private final String method;
  private final String routed;
  private final String permission;
  private final String role;

  Ask(String method, String routed, String permission, String role) {
    this.method = method;
    this.routed = routed;
    this.permission = permission;
    this.role = role;
  }

  /** Returns the method's name, as Google's audit log has it. */
  String method() {
    return method;
  }

  /** Returns the request's field by which Google finds who answers it. */
  String routed() {
    return routed;
  }

  /** Returns the permission that it takes; empty for none. */
  String permission() {
    return permission;
  }

  /** Returns the permission and a role that has it, for people. */
  String needed() {
    return "%s (%s)".formatted(permission, role);
  }
}
