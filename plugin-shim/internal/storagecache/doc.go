// Package storagecache keeps in memory what a mount's plugin has read from the
// mount's storage and written to it. All writes to a mount pass through its
// plugin, so that on the node that may write nothing else changes an entry, and
// what is kept is what storage holds.
package storagecache
