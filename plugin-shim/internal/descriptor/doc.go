// Package descriptor turns engine.textproto into what Vault's framework needs
// to know of an engine: paths, fields, help, OpenAPI, secret types and special
// paths. It knows nothing of the sidecar, so all of that is answered while the
// sidecar is down, and what matters for policies is pinned by the checksum of
// the plugin's binary.
package descriptor
