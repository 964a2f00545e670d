// Package backend is the secrets engine as Vault sees it: a framework backend
// built from the descriptor, whose every operation is served by the sidecar. It
// knows no path by name.
package backend
