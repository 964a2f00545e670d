package backend

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// deposed is the storage of a node that is a leader until it is told otherwise.
type deposed struct {
	noting
	follows atomic.Bool
}

func (s *deposed) Put(ctx context.Context, entry *logical.StorageEntry) error {
	if s.follows.Load() {
		return errors.New("node is not the leader")
	}
	return s.InmemStorage.Put(ctx, entry)
}

func (s *deposed) Delete(ctx context.Context, key string) error {
	if s.follows.Load() {
		return errors.New("leadership lost while committing log")
	}
	return s.InmemStorage.Delete(ctx, key)
}

// leading returns a mount whose cache keeps what is read, and its storage.
func leading(t *testing.T) (*rig, *deposed) {
	t.Helper()
	r := newRig(t)
	r.clock.Add(5)
	return r, &deposed{noting: noting{InmemStorage: r.storage}}
}

// finishing has the sidecar do one op at the end of each operation of a lease, and
// refuse it as the sidecar does that meets a failure of storage.
func finishing(r *rig, op func() *pb.StorageOp, kinds chan<- pb.StorageReply_Failure_Kind) {
	r.serving(func(s *sidecartest.Stream) *pb.Result {
		if s.Call.GetSecret() == nil {
			return sidecartest.Nothing()
		}
		reply, err := s.Ask(op())
		if err != nil {
			r.t.Error(err)
		}
		kinds <- reply.GetFailure().GetKind()
		return sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 503, Message: reply.GetFailure().GetMessage()})
	})
}

// questions returns how often Vault's core has been asked.
func questions(v *view) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.asked
}

func TestALeaseWhoseNodeWasDeposedIsToBeAskedForAgain(t *testing.T) {
	for _, operation := range []logical.Operation{logical.RevokeOperation, logical.RenewOperation} {
		for name, op := range map[string]func() *pb.StorageOp{
			"put":    func() *pb.StorageOp { return sidecartest.Put("clients/k", "1") },
			"delete": func() *pb.StorageOp { return sidecartest.Delete("clients/k") },
		} {
			t.Run(string(operation)+" "+name, func(t *testing.T) {
				r, storage := leading(t)
				kinds := make(chan pb.StorageReply_Failure_Kind, 1)
				finishing(r, op, kinds)
				r.connected()
				storage.follows.Store(true)
				req := lease(r, operation, deferrable("k"))
				req.Storage = storage
				resp, err := r.backend.HandleRequest(t.Context(), req)
				if resp != nil || coded(t, err) != 503 {
					t.Fatalf("it is answered %v, %v", resp, err)
				}
				same(t, "the sidecar is told", sidecartest.Receive(t, kinds), pb.StorageReply_Failure_KIND_NOT_ACTIVE)
				// Vault answers 400 to the caller of any error without these words.
				for _, want := range []string{logical.ErrReadOnly.Error(), "leader"} {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("error is %v, want %q in it", err, want)
					}
				}
			})
		}
	}
}

func TestARevokeThatCanBeWrittenDownNowhereIsToBeAskedForAgain(t *testing.T) {
	r, storage := leading(t)
	storage.follows.Store(true)
	req := lease(r, logical.RevokeOperation, deferrable("k"))
	req.Storage = storage
	resp, err := r.backend.HandleRequest(t.Context(), req)
	if resp != nil || coded(t, err) != 503 || !strings.Contains(err.Error(), logical.ErrReadOnly.Error()) {
		t.Errorf("without a sidecar it is answered %v, %v", resp, err)
	}
}

func TestALeaseOfANodeThatIsActiveFailsAsTheSidecarSays(t *testing.T) {
	r, storage := leading(t)
	r.revoking(func(s *sidecartest.Stream) error {
		return s.Result(sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 502, Message: "upstream refuses"}))
	})
	req := lease(r, logical.RevokeOperation, deferrable("k"))
	req.Storage = storage
	if _, err := r.backend.HandleRequest(t.Context(), req); coded(t, err) != 502 || err.Error() != "upstream refuses" {
		t.Errorf("it is answered %v", err)
	}
}

func TestANodeThatWasDeposedKeepsNothing(t *testing.T) {
	r, storage := leading(t)
	kinds := make(chan pb.StorageReply_Failure_Kind, 1)
	finishing(r, func() *pb.StorageOp { return sidecartest.Delete("clients/k") }, kinds)
	r.put("roles/demo", "old")
	same(t, "the role", r.entries(storage, "roles/demo")["roles/demo"], "old")
	r.put("roles/demo", "new")
	same(t, "what is kept of the role", r.entries(storage, "roles/demo")["roles/demo"], "old")
	asked := questions(r.system)
	storage.follows.Store(true)
	req := lease(r, logical.RevokeOperation, deferrable("k"))
	req.Storage = storage
	if _, err := r.backend.HandleRequest(t.Context(), req); err == nil {
		t.Fatal("a revoke that cannot be written down succeeds")
	}
	sidecartest.Receive(t, r.calls)
	same(t, "the role", r.entries(storage, "roles/demo")["roles/demo"], "new")
	if questions(r.system) == asked {
		t.Error("Vault is not asked again whether the node may write")
	}
}

func TestANodeThatWasDeposedEndsItsSession(t *testing.T) {
	r, storage := leading(t)
	sessions, written := make(chan *sidecartest.Stream, 64), make(chan bool, 64)
	(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
		sessions <- s
		reply, _ := s.Ask(sidecartest.Put("clients/k", "1"))
		written <- reply.GetDone() != nil
		<-s.Done()
		return nil
	}}).Start(t, r.socket)
	storage.follows.Store(true)
	if err := r.backend.Initialize(t.Context(), &logical.InitializationRequest{Storage: storage}); err != nil {
		t.Fatal(err)
	}
	// And once more, since Vault may have given it the lead back.
	for range 2 {
		session := sidecartest.Receive(t, sessions)
		sidecartest.Receive(t, session.Done())
	}
	_, reason := r.backend.(*mount).session.Absence()
	if !strings.Contains(reason, "not active any more: node is not the leader") {
		t.Errorf("the reason is %q", reason)
	}
	storage.follows.Store(false)
	for !sidecartest.Receive(t, written) {
		continue
	}
}
