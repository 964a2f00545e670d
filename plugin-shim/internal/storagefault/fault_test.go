package storagefault

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

func TestWhatAFailureOfStorageMeans(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want Fault
	}{
		{"none", nil, Other},
		{"a node that may not write", logical.ErrReadOnly, ReadOnly},
		{"the same across the border", errors.New("rpc error: cannot write to readonly storage"), ReadOnly},
		{"the same of a standby", fmt.Errorf("%w: %w", logical.ErrReadOnly, consts.ErrStandby), ReadOnly},
		{"a mount that is set up", errors.New(logical.ErrSetupReadOnly.Error()), Setup},
		{"a follower", errors.New("node is not the leader"), NotActive},
		{"the same with more around it", errors.New("failed to persist: node is not the leader (try again)"), NotActive},
		{"a leader that is deposed", errors.New("leadership lost while committing log"), NotActive},
		{"a leader that steps down", errors.New("leadership transfer in progress"), NotActive},
		{"a raft that has ended", errors.New("raft is already shutdown"), NotActive},
		{"a raft that is torn down", errors.New("raft storage is not initialized"), NotActive},
		{"a node that was removed", errors.New("node has been removed from the HA cluster"), NotActive},
		{"a lock of Consul that another one has", errors.New(`1 error occurred: * failed session check for key "vault/core/lock", current session "a" != "b"`), NotActive},
		{"a lock of Consul that is gone", errors.New(`failed to check session, key "vault/core/lock" doesn't exist`), NotActive},
		{"a barrier that is sealed", consts.ErrSealed, NotActive},
		{"a server that stands by", consts.ErrStandby, NotActive},
		{"a Vault that has ended", status.Error(codes.Unavailable, "error reading from server: EOF"), NotActive},
		{"a Vault that has closed the mount", status.Error(codes.Canceled, "grpc: the client connection is closing"), NotActive},
		{"a caller that has gone", context.Canceled, Other},
		{"the same across the border", status.Error(codes.Canceled, "context canceled"), Other},
		{"a time that is over", status.Error(codes.DeadlineExceeded, "context deadline exceeded"), Other},
		{"a message that is too large", status.Error(codes.ResourceExhausted, "received message larger than max"), Other},
		{"an entry that is too large", errors.New("put failed due to value being too large"), Other},
		{"a disk that is full", errors.New("no space left on device"), Other},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Of(c.err); got != c.want {
				t.Errorf("%v means %d, want %d", c.err, got, c.want)
			}
		})
	}
}

func TestAConnectionThatIsClosedLendsNothing(t *testing.T) {
	conn, err := grpc.NewClient("passthrough:///nobody", grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if failed := conn.Invoke(t.Context(), "/pb.Storage/Put", nil, nil); Of(failed) != NotActive {
		t.Errorf("%v means %d, want %d", failed, Of(failed), NotActive)
	}
}
