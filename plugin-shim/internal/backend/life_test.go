package backend

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

var update = flag.Bool("update", false, "write the golden file of the OpenAPI document anew")

func TestRegisteringNeedsNeitherStorageNorVaultNorSidecar(t *testing.T) {
	r := newRig(t)
	b, err := r.factory(t.Context(), &logical.BackendConfig{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Cleanup(t.Context())
	same(t, "type", b.Type(), logical.TypeLogical)
	same(t, "version", b.(logical.PluginVersioner).PluginVersion().Version, "v0.1.0")
	same(t, "seal-wrapped", b.SpecialPaths().SealWrapStorage, []string{"config", "static-creds/", "sealed/"})
	if _, err := r.factory(t.Context(), nil); err == nil {
		t.Error("a missing configuration is no error")
	}
	// What Vault calls on a backend that it only registers must not matter either.
	if err := b.Initialize(t.Context(), &logical.InitializationRequest{}); err != nil {
		t.Error(err)
	}
	if err := b.Initialize(t.Context(), nil); err != nil {
		t.Error(err)
	}
	_, err = b.HandleRequest(t.Context(), &logical.Request{Operation: logical.ReadOperation, Path: "config"})
	same(t, "HTTP status", coded(t, err), 503)
}

func TestHelpNeedsNoSidecar(t *testing.T) {
	r := newRig(t)
	for path, want := range map[string]string{
		"":           "The Genesys Cloud secrets engine issues OAuth client credentials",
		"config":     "The client needs the permissions oauth:client:add",
		"roles":      "The names of the roles.",
		"roles/demo": "access_token_validity (duration (sec))",
		"creds/demo": "Each read makes an OAuth client",
		"clients/":   "every client that this mount made",
		"clients/x":  "never its secret",
		"status":     "request budget",
	} {
		resp, err := r.do(logical.HelpOperation, path, nil)
		if err != nil || !strings.Contains(resp.Data["help"].(string), want) {
			t.Errorf("help of %q is %v, %v; want %q in it", path, resp, err, want)
		}
	}
}

func TestOpenAPINeedsNoSidecar(t *testing.T) {
	resp, err := newRig(t).do(logical.HelpOperation, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	document, err := json.MarshalIndent(resp.Data["openapi"], "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	document = append(document, '\n')
	const golden = "testdata/openapi.json"
	if *update {
		if err := os.WriteFile(golden, document, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(document, want) {
		t.Errorf("the OpenAPI document differs from %s; if it is meant to, in plugin-shim: go test ./internal/backend -run TestOpenAPINeedsNoSidecar -update\n%s", golden, difference(t, golden, document))
	}
}

// difference shows in which lines a text is another one than a file.
func difference(t *testing.T, file string, text []byte) string {
	is := filepath.Join(t.TempDir(), "is")
	if err := os.WriteFile(is, text, 0o600); err != nil {
		t.Fatal(err)
	}
	// It ends with 1 where there is a difference, and says so itself where it cannot tell.
	lines, _ := exec.Command("diff", "-u", file, is).CombinedOutput()
	return string(lines)
}

func TestUnknownPathsAndOperations(t *testing.T) {
	r := newRig(t)
	if _, err := r.do(logical.ReadOperation, "nowhere", nil); err != logical.ErrUnsupportedPath {
		t.Errorf("an unknown path: %v", err)
	}
	if _, err := r.do(logical.DeleteOperation, "creds/demo", nil); err != logical.ErrUnsupportedOperation {
		t.Errorf("an unknown operation: %v", err)
	}
}

func TestExistenceChecksNeedStorageAlone(t *testing.T) {
	cases := []struct {
		name, path      string
		storage         func(*rig) logical.Storage
		checked, exists bool
		fails           bool
	}{
		{"an entry", "roles/demo", func(r *rig) logical.Storage { r.put("roles/demo", "{}"); return r.storage }, true, true, false},
		{"another entry", "roles/demo", func(r *rig) logical.Storage { r.put("roles/other", "{}"); return r.storage }, true, false, false},
		{"a key without capture", "config", func(r *rig) logical.Storage { r.put("config", "{}"); return r.storage }, true, true, false},
		{"a path without check", "creds/demo", func(r *rig) logical.Storage { return r.storage }, false, false, false},
		{"a node that may not write", "roles/demo", func(*rig) logical.Storage { return faulty{logical.ErrReadOnly} }, true, false, false},
		{"a broken storage", "roles/demo", func(*rig) logical.Storage { return faulty{errors.New("disk is gone")} }, true, false, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			// A body that no field can hold belongs to the write, which says so without showing it.
			req := r.request(logical.UpdateOperation, c.path, map[string]any{"client_secret": map[string]any{"x": "hunter2"}, "ttl": "hunter2"})
			req.Storage = c.storage(r)
			checked, exists, err := r.backend.HandleExistenceCheck(t.Context(), req)
			if checked != c.checked || exists != c.exists || (err != nil) != c.fails {
				t.Errorf("check says %t, %t, %v", checked, exists, err)
			}
			if req.Data["ttl"] != "hunter2" {
				t.Error("the check changed the request")
			}
		})
	}
}

type faulty struct{ err error }

func (f faulty) Get(context.Context, string) (*logical.StorageEntry, error) { return nil, f.err }
func (f faulty) Put(context.Context, *logical.StorageEntry) error           { return f.err }
func (f faulty) Delete(context.Context, string) error                       { return f.err }
func (f faulty) List(context.Context, string) ([]string, error)             { return nil, f.err }

func TestForwardingNeedsNoSidecar(t *testing.T) {
	cases := []struct {
		name      string
		state     consts.ReplicationState
		local     bool
		operation logical.Operation
		path      string
		forwarded bool
	}{
		{"a standby forwards creds", consts.ReplicationPerformanceStandby, false, logical.ReadOperation, "creds/demo", true},
		{"a standby forwards writes", consts.ReplicationPerformanceStandby, false, logical.UpdateOperation, "config", true},
		{"a standby forwards status", consts.ReplicationPerformanceStandby, false, logical.ReadOperation, "status", true},
		{"a standby reads config itself", consts.ReplicationPerformanceStandby, false, logical.ReadOperation, "config", false},
		{"a secondary forwards creds", consts.ReplicationPerformanceSecondary, false, logical.ReadOperation, "creds/demo", true},
		{"a secondary keeps a local mount", consts.ReplicationPerformanceSecondary, true, logical.ReadOperation, "creds/demo", false},
		{"a secondary answers status itself", consts.ReplicationPerformanceSecondary, false, logical.ReadOperation, "status", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.system.set(func(v *view) { v.state, v.local = c.state, c.local })
			_, err := r.do(c.operation, c.path, nil)
			if (err == logical.ErrReadOnly) != c.forwarded {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestAnAbsentSidecarIs503AndComesBackByItself(t *testing.T) {
	r := newRig(t)
	_, err := r.do(logical.ReadOperation, "config", nil)
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "genesys sidecar is unavailable: unix://"+r.socket) {
		t.Fatalf("error is %v", err)
	}
	r.saying(sidecartest.Nothing())
	sidecartest.Eventually(t, "an answer", func() bool {
		_, err := r.do(logical.ReadOperation, "config", nil)
		return err == nil
	})
}

func TestTheMinuteTickIsQuietWithoutASidecar(t *testing.T) {
	r := newRig(t)
	for _, tainted := range []bool{false, true} {
		r.system.set(func(v *view) { v.tainted = tainted })
		if resp, err := r.do(logical.RollbackOperation, "", nil); resp != nil || err != nil {
			t.Errorf("tainted %t: the tick answers %v, %v", tainted, resp, err)
		}
	}
}

func TestTheLastTickReachesTheSidecar(t *testing.T) {
	for _, answer := range []*pb.Result{sidecartest.Nothing(), sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 502, Message: "clients are left"})} {
		r := newRig(t).saying(answer)
		if _, err := r.do(logical.RollbackOperation, "", nil); err != nil || len(r.calls) != 0 {
			t.Fatalf("an ordinary tick made %d calls, %v", len(r.calls), err)
		}
		r.system.set(func(v *view) { v.tainted = true })
		if resp, err := r.do(logical.RollbackOperation, "", nil); resp != nil || err != nil {
			t.Fatalf("the last tick answers %v, %v", resp, err)
		}
		got := sidecartest.Receive(t, r.calls)
		if got.GetOperation() != pb.Operation_OPERATION_ROLLBACK || !got.GetMount().GetTainted() || got.GetRequestId() != "" || got.GetPathId() != "" {
			t.Errorf("call is %v", got)
		}
	}
}

func TestTheLastTickLeavesVaultTimeWhereTheSidecarHangs(t *testing.T) {
	r := newRig(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		<-s.Done()
		return nil
	}}).Start(t, r.socket)
	r.system.set(func(v *view) { v.tainted = true })
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	if resp, err := r.backend.HandleRequest(ctx, r.request(logical.RollbackOperation, "", nil)); resp != nil || err != nil {
		t.Errorf("the tick answers %v, %v", resp, err)
	}
	if ctx.Err() != nil {
		t.Error("nothing is left of Vault's time")
	}
}

func TestTheSessionLivesAsLongAsTheMount(t *testing.T) {
	r := newRig(t)
	opened, notices, ended := make(chan *pb.Call, 4), make(chan *pb.Notice, 4), make(chan struct{}, 4)
	(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
		opened <- s.Call
		for {
			frame, err := s.Receive()
			if err != nil {
				ended <- struct{}{}
				return err
			}
			notices <- frame.GetNotice()
		}
	}}).Start(t, r.socket)
	ctx, cancel := context.WithCancel(t.Context())
	if err := r.backend.Initialize(ctx, &logical.InitializationRequest{Storage: r.storage}); err != nil {
		t.Fatal(err)
	}
	cancel()
	got := sidecartest.Receive(t, opened).GetMount()
	if got.GetUuid() != "mount-1" || got.GetPath() != "" || !got.GetWritable() || got.Tainted == nil || got.GetTainted() {
		t.Errorf("mount is %v", got)
	}
	if _, err := r.do(logical.ReadOperation, "config", nil); err != nil {
		t.Fatal(err)
	}
	if notice := sidecartest.Receive(t, notices); notice.GetPath() != "genesys/" || notice.GetTainted() || !notice.GetWritable() {
		t.Errorf("after the first request the notice is %v", notice)
	}
	r.system.set(func(v *view) { v.tainted = true })
	if _, err := r.do(logical.RollbackOperation, "", nil); err != nil {
		t.Fatal(err)
	}
	if notice := sidecartest.Receive(t, notices); !notice.GetTainted() {
		t.Errorf("after the mount's end began the notice is %v", notice)
	}
	r.backend.Cleanup(t.Context())
	sidecartest.Receive(t, ended)
	if len(opened) != 0 {
		t.Error("a second session was opened")
	}
	if _, err := r.do(logical.RollbackOperation, "", nil); err != nil || len(opened) != 0 {
		t.Errorf("a tick after the cleanup: %v", err)
	}
}

func TestTheTickOpensASessionThatWasNeverBegun(t *testing.T) {
	r := newRig(t)
	opened := make(chan struct{}, 1)
	(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
		opened <- struct{}{}
		<-s.Done()
		return nil
	}}).Start(t, r.socket)
	if _, err := r.do(logical.RollbackOperation, "", nil); err != nil {
		t.Fatal(err)
	}
	sidecartest.Receive(t, opened)
}

func TestInvalidatedKeysReachTheSidecar(t *testing.T) {
	r := newRig(t)
	requests := make(chan *pb.InvalidateRequest, 1)
	(&sidecartest.Sidecar{OnInvalidate: func(request *pb.InvalidateRequest) error {
		requests <- request
		return nil
	}}).Start(t, r.socket)
	r.backend.InvalidateKey(t.Context(), "roles/demo")
	got := sidecartest.Receive(t, requests)
	same(t, "mount", got.GetMountUuid(), "mount-1")
	same(t, "keys", got.GetKeys(), []string{"roles/demo"})
}

func TestMountsOfOneProcessAreKeptApart(t *testing.T) {
	one := newRig(t)
	two := newRigOf(t, embedded(t), "mount-2", one.socket)
	fake := &sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		if _, err := s.Ask(sidecartest.Put("mine", s.Call.GetMount().GetUuid())); err != nil {
			return err
		}
		return s.Result(sidecartest.Nothing())
	}}
	fake.Start(t, one.socket)
	for _, r := range []*rig{one, two} {
		if _, err := r.do(logical.ReadOperation, "config", nil); err != nil {
			t.Fatal(err)
		}
		entry, err := r.storage.Get(t.Context(), "mine")
		if err != nil || entry == nil || string(entry.Value) != r.uuid {
			t.Errorf("storage of %s holds %v, %v", r.uuid, entry, err)
		}
	}
	same(t, "connections", fake.Connections.Load(), int32(1))
	one.backend.Cleanup(t.Context())
	if _, err := two.do(logical.ReadOperation, "config", nil); err != nil {
		t.Errorf("after the other mount's end: %v", err)
	}
}

func TestPanicsStayInside(t *testing.T) {
	r := newRig(t)
	r.system.set(func(v *view) { v.panics = true })
	for _, operation := range []logical.Operation{logical.ReadOperation, logical.RollbackOperation} {
		path := map[logical.Operation]string{logical.ReadOperation: "config"}[operation]
		_, err := r.do(operation, path, nil)
		if coded(t, err) != 500 || err.Error() != bugText {
			t.Errorf("%s is answered %v", operation, err)
		}
	}
	req := r.request(logical.UpdateOperation, "config", nil)
	req.Storage = nil
	if _, _, err := r.backend.HandleExistenceCheck(t.Context(), req); coded(t, err) != 500 || err.Error() != bugText {
		t.Errorf("an existence check is answered %v", err)
	}
	broken := &mount{Backend: r.backend.(*mount).Backend}
	broken.InvalidateKey(t.Context(), "a")
	broken.Cleanup(t.Context())
	if err := broken.Initialize(t.Context(), &logical.InitializationRequest{Storage: faulty{}}); err != nil {
		t.Error(err)
	}
}

func TestAPanicInAStorageThatIsReadAheadStaysInside(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	req := r.request(logical.ReadOperation, "config", nil)
	req.Storage = panicking{}
	if _, err := r.backend.HandleRequest(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if got := sidecartest.Receive(t, r.calls); len(got.GetPrefetched()) != 0 {
		t.Errorf("prefetched is %v", got.GetPrefetched())
	}
}

type panicking struct{ faulty }

func (panicking) Get(context.Context, string) (*logical.StorageEntry, error) { panic("bug") }
