package storagefault

import (
	"slices"
	"strings"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Fault is what a failure means to whoever asked.
type Fault int

const (
	// Other is all that asking another node does not help: a disk that is full, an
	// entry that is too large, a request that its caller has given up.
	Other Fault = iota
	// ReadOnly is a node that never might write. Nothing was written.
	ReadOnly
	// Setup is a mount that is still being set up. Nothing was written.
	Setup
	// NotActive is a node that was active and is not any more, or is ending: a
	// write may have happened, and the node that is active knows.
	NotActive
)

// lost are the words of servers and storages for a node that is not active any
// more. OpenBao has those of Vault.
var lost = []string{
	// github.com/hashicorp/raft: ErrNotLeader, ErrLeadershipLost,
	// ErrLeadershipTransferInProgress, ErrRaftShutdown.
	"node is not the leader",
	"leadership lost while committing log",
	"leadership transfer in progress",
	"raft is already shutdown",
	// Of physical/raft, once it is torn down.
	"raft storage is not initialized",
	"node has been removed from the HA cluster",
	// Consul, which checks with each write who holds the lock.
	"failed session check for key",
	"failed to check session, key",
	consts.ErrSealed.Error(),
	consts.ErrStandby.Error(),
}

// Of returns what an error of a mount's storage means.
func Of(err error) Fault {
	if err == nil {
		return Other
	}
	text := err.Error()
	contains := func(words string) bool { return strings.Contains(text, words) }
	switch {
	case contains(logical.ErrReadOnly.Error()):
		return ReadOnly
	case contains(logical.ErrSetupReadOnly.Error()):
		return Setup
	case slices.ContainsFunc(lost, contains), takenBack(err):
		return NotActive
	default:
		return Other
	}
}

// takenBack reports whether nobody lends the storage any more: Vault has closed
// the mount, or has ended.
func takenBack(err error) bool {
	failed := status.Convert(err)
	return failed.Code() == codes.Unavailable ||
		failed.Code() == codes.Canceled && strings.Contains(failed.Message(), "connection is closing")
}
