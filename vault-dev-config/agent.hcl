# A Vault Agent that keeps a credential of the role demo in a file and renews its lease. From the
# clone's top folder, after `source vault-dev-config/.run/env`:
#
#   vault policy write application vault-dev-config/policies/application.hcl
#   (umask 077; vault token create -policy=application -period=24h -field=token >vault-dev-config/.run/agent-token)
#   vault agent -config=vault-dev-config/agent.hcl
#
# In production an auth method of the platform (kubernetes, aws, approle) stands in token_file's place.

auto_auth {
  method "token_file" {
    config = {
      token_file_path = "vault-dev-config/.run/agent-token"
    }
  }
}

template_config {
  # Without a credential there is nothing to start: fail rather than wait in silence.
  exit_on_retry_failure = true
}

template {
  source               = "vault-dev-config/genesys.env.ctmpl"
  destination          = "vault-dev-config/.run/genesys.env"
  perms                = "0600"
  error_on_missing_key = true
}
