// Package storagefault says what it means that a mount's storage failed. What
// Vault knows of that does not survive the way to a plugin: errors arrive as
// text, and those of the way itself as a status of gRPC.
package storagefault
