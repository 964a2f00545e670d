// Package sidecar is the shim's client of the contract: one connection a
// process, one stream a Vault request, one background session a mount. It lends
// a mount's storage to the sidecar for as long as a stream lives, and turns the
// absence of an answer into a 503 that says why.
package sidecar
