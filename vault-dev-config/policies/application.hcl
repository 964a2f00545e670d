# An application that works with credentials of the role demo. The right to renew and revoke its own
# leases comes with Vault's default policy.

path "genesys/creds/demo" {
  capabilities = ["read"]
}

# Where it reads a steady credential instead: that of the static role demo.
path "genesys/static-creds/demo" {
  capabilities = ["read"]
}
