package backend

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// noting is a storage that notes which keys are read.
type noting struct {
	*logical.InmemStorage
	mu   sync.Mutex
	keys []string
}

func (s *noting) Get(ctx context.Context, key string) (*logical.StorageEntry, error) {
	s.mu.Lock()
	s.keys = append(s.keys, key)
	s.mu.Unlock()
	return s.InmemStorage.Get(ctx, key)
}

// taken returns which keys were read since it was asked last, in order.
func (s *noting) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := s.keys
	slices.Sort(keys)
	s.keys = nil
	return keys
}

// settled returns a mount whose cache keeps what is read from now on, and its storage.
func settled(t *testing.T) (*rig, *noting) {
	t.Helper()
	r := newRig(t)
	r.clock.Add(5)
	return r, &noting{InmemStorage: r.storage}
}

// entries has a path read and returns what goes with its call.
func (r *rig) entries(storage logical.Storage, path string) map[string]string {
	r.t.Helper()
	req := r.request(logical.ReadOperation, path, nil)
	req.Storage = storage
	if resp, err := r.backend.HandleRequest(r.t.Context(), req); err != nil || resp.IsError() {
		r.t.Fatalf("%s is answered %v, %v", path, resp, err)
	}
	found := map[string]string{}
	for _, entry := range sidecartest.Receive(r.t, r.calls).GetPrefetched() {
		if entry.Value == nil {
			found[entry.GetKey()] = "absent"
		} else {
			found[entry.GetKey()] = string(entry.GetValue())
		}
	}
	return found
}

var issue = []string{"config", "drain", "mount", "roles/demo"}

func TestAnIssueThatIsWarmReadsNoStorage(t *testing.T) {
	r, storage := settled(t)
	r.saying(sidecartest.Nothing())
	r.put("config", "the organisation")
	r.put("mount", "the mark")
	r.put("roles/demo", "the role")
	want := map[string]string{"config": "the organisation", "mount": "the mark", "drain": "absent", "roles/demo": "the role"}
	same(t, "with the first call", r.entries(storage, "creds/demo"), want)
	same(t, "keys read", storage.taken(), issue)
	for range 3 {
		same(t, "with a later call", r.entries(storage, "creds/demo"), want)
		same(t, "keys read", len(storage.taken()), 0)
	}
}

func TestAReadOfAStaticCredentialThatIsWarmReadsNoStorage(t *testing.T) {
	r, storage := settled(t)
	r.saying(sidecartest.Nothing())
	r.put("static-creds/crm", "the credential")
	first := r.entries(storage, "static-creds/crm")
	same(t, "keys read", storage.taken(), []string{"config", "static-creds/crm", "static-roles/crm"})
	same(t, "with a later call", r.entries(storage, "static-creds/crm"), first)
	same(t, "keys read", len(storage.taken()), 0)
}

func TestWhatTheSidecarReadsAndWritesPassesThroughTheCache(t *testing.T) {
	r, storage := settled(t)
	ops := make(chan *pb.StorageOp, 1)
	replies := make(chan *pb.StorageReply, 1)
	r.serving(func(s *sidecartest.Stream) *pb.Result {
		select {
		case op := <-ops:
			reply, err := s.Ask(op)
			if err != nil {
				t.Error(err)
			}
			replies <- reply
		default:
		}
		return sidecartest.Nothing()
	})
	op := func(op *pb.StorageOp) *pb.StorageReply {
		t.Helper()
		ops <- op
		r.entries(storage, "status")
		return sidecartest.Receive(t, replies)
	}
	if got := op(sidecartest.Put("roles/demo", "one")); got.GetDone() == nil {
		t.Fatalf("the write is answered %v", got)
	}
	same(t, "get", string(op(sidecartest.Get("roles/demo")).GetEntry().GetValue()), "one")
	same(t, "get_many", string(op(sidecartest.GetMany("roles/demo")).GetEntries().GetEntries()[0].GetValue()), "one")
	same(t, "with a call", r.entries(storage, "roles/demo")["roles/demo"], "one")
	same(t, "keys read", storage.taken(), []string{"config", "drain", "mount"})
	checked, exists, err := r.backend.HandleExistenceCheck(t.Context(), r.request(logical.UpdateOperation, "roles/demo", nil))
	if !checked || !exists || err != nil {
		t.Errorf("the existence check says %t, %t, %v", checked, exists, err)
	}
	if got := op(sidecartest.Delete("roles/demo")); got.GetDone() == nil {
		t.Fatalf("the deletion is answered %v", got)
	}
	same(t, "with a call", r.entries(storage, "roles/demo")["roles/demo"], "absent")
	same(t, "get of what is not kept", string(op(sidecartest.Get("clients/a")).GetEntry().GetValue()), "")
	same(t, "keys read", storage.taken(), []string{"clients/a"})
}

func TestWhatTheSessionWritesIsWhatRequestsRead(t *testing.T) {
	r, storage := settled(t)
	r.put("static-creds/crm", "before")
	rotate, rotated := make(chan struct{}), make(chan *pb.StorageReply, 1)
	(&sidecartest.Sidecar{
		OnServe: func(s *sidecartest.Stream) error {
			r.calls <- s.Call
			return s.Result(sidecartest.Nothing())
		},
		OnAttend: func(s *sidecartest.Stream) error {
			<-rotate
			reply, err := s.Ask(sidecartest.Put("static-creds/crm", "after"))
			rotated <- reply
			<-s.Done()
			return err
		},
	}).Start(t, r.socket)
	if err := r.backend.Initialize(t.Context(), &logical.InitializationRequest{Storage: storage}); err != nil {
		t.Fatal(err)
	}
	same(t, "the credential", r.entries(storage, "static-creds/crm")["static-creds/crm"], "before")
	close(rotate)
	if got := sidecartest.Receive(t, rotated); got.GetDone() == nil {
		t.Fatalf("the write is answered %v", got)
	}
	storage.taken()
	same(t, "the credential", r.entries(storage, "static-creds/crm")["static-creds/crm"], "after")
	same(t, "keys read", len(storage.taken()), 0)
}

func TestWhatIsKeptIsForgotten(t *testing.T) {
	cases := []struct {
		name    string
		happens func(*rig)
		// What is read anew then.
		read []string
	}{
		{"another node wrote a key", func(r *rig) { r.backend.InvalidateKey(r.t.Context(), "roles/demo") }, []string{"roles/demo"}},
		{"the mount has moved", func(r *rig) {
			req := r.request(logical.ReadOperation, "status", nil)
			req.MountPoint = "moved/"
			if _, err := r.backend.HandleRequest(r.t.Context(), req); err != nil {
				r.t.Error(err)
			}
			sidecartest.Receive(r.t, r.calls)
		}, issue},
		{"the node stood by for a while", func(r *rig) {
			for _, state := range []consts.ReplicationState{consts.ReplicationPerformanceStandby, active().state} {
				r.system.set(func(v *view) { v.state = state })
				r.clock.Add(10)
				r.entries(r.storage, "config")
			}
			// What this read kept is forgotten as well.
			r.backend.InvalidateKey(r.t.Context(), "config")
			r.backend.InvalidateKey(r.t.Context(), "mount")
		}, issue},
		{"the mount was cleaned up", func(r *rig) { r.backend.(*mount).kept.Close() }, issue},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, storage := settled(t)
			r.saying(sidecartest.Nothing())
			r.put("roles/demo", "old")
			r.entries(storage, "creds/demo")
			storage.taken()
			r.put("roles/demo", "new")
			same(t, "while nobody knows, the role", r.entries(storage, "creds/demo")["roles/demo"], "old")
			c.happens(r)
			same(t, "then the role", r.entries(storage, "creds/demo")["roles/demo"], "new")
			same(t, "keys read", storage.taken(), c.read)
		})
	}
}

func TestANodeThatMayNotWriteReadsStorageEachTime(t *testing.T) {
	for name, change := range map[string]func(*view){
		"a standby":                      func(v *view) { v.state = consts.ReplicationPerformanceStandby },
		"a secondary":                    func(v *view) { v.state = consts.ReplicationPerformanceSecondary },
		"a disaster's secondary":         func(v *view) { v.state = consts.ReplicationDRSecondary },
		"one that Vault says nothing of": func(v *view) { v.broken = true },
	} {
		t.Run(name, func(t *testing.T) {
			r, storage := settled(t)
			r.saying(sidecartest.Nothing())
			r.system.set(change)
			for _, value := range []string{"one", "two"} {
				r.put("static-creds/crm", value)
				same(t, "the credential", r.entries(storage, "static-creds/crm")["static-creds/crm"], value)
				same(t, "reads", len(storage.taken()), 3)
			}
		})
	}
}

func TestANodeThatMayNotWriteAnyMoreKeepsNothing(t *testing.T) {
	r, storage := settled(t)
	r.saying(sidecartest.Nothing())
	r.put("static-creds/crm", "old")
	r.entries(storage, "static-creds/crm")
	r.system.set(func(v *view) { v.state = consts.ReplicationPerformanceStandby })
	r.put("static-creds/crm", "new")
	// Vault's minute, without a request for any of the keys.
	r.clock.Add(int64(time.Minute.Seconds()))
	if _, err := r.do(logical.RollbackOperation, "", nil); err != nil {
		t.Fatal(err)
	}
	r.system.set(func(v *view) { v.state = active().state })
	r.clock.Add(10)
	same(t, "the credential", r.entries(storage, "static-creds/crm")["static-creds/crm"], "new")
}

func TestARequestForALoadedSnapshotReadsTheSnapshot(t *testing.T) {
	r, storage := settled(t)
	r.saying(sidecartest.Nothing())
	r.put("roles/demo", "now")
	r.entries(storage, "roles/demo")
	snapshot := &logical.InmemStorage{}
	if err := snapshot.Put(t.Context(), &logical.StorageEntry{Key: "roles/demo", Value: []byte("then")}); err != nil {
		t.Fatal(err)
	}
	req := r.request(logical.ReadOperation, "roles/demo", nil)
	req.Storage, req.RequiresSnapshotID = snapshot, "snapshot-1"
	if _, err := r.backend.HandleRequest(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	same(t, "with the call", string(sidecartest.Receive(t, r.calls).GetPrefetched()[0].GetValue()), "then")
	same(t, "with the next call", r.entries(storage, "roles/demo")["roles/demo"], "now")
}
