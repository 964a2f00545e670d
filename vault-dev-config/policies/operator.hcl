# Whoever sets the engine up: configures the mount and its roles, sees what it owns and ends it.
# Reads no credential.

path "genesys/config" {
  capabilities = ["create", "read", "update", "delete"]
}

path "genesys/roles" {
  capabilities = ["list"]
}

path "genesys/roles/*" {
  capabilities = ["create", "read", "update", "delete", "list"]
}

path "genesys/static-roles" {
  capabilities = ["list"]
}

path "genesys/static-roles/*" {
  capabilities = ["create", "read", "update", "delete", "list"]
}

path "genesys/rotate-role/*" {
  capabilities = ["update"]
}

path "genesys/clients" {
  capabilities = ["list"]
}

path "genesys/clients/*" {
  capabilities = ["read", "list"]
}

# Ends everything that the mount hands out; sudo, so that no wildcard grants it.
path "genesys/drain" {
  capabilities = ["read", "update", "delete", "sudo"]
}

path "genesys/status" {
  capabilities = ["read"]
}

# vault lease revoke -prefix genesys/creds/<role>
path "sys/leases/revoke-prefix/genesys/creds/*" {
  capabilities = ["update", "sudo"]
}
