package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func deferrable(key string) map[string]any {
	return map[string]any{"secret_type": "oauth_client", "key": key, "deferrable": true, "secret_note": "hunter2"}
}

func (r *rig) revoke(internal map[string]any) (*logical.Response, error) {
	r.t.Helper()
	return r.backend.HandleRequest(r.t.Context(), lease(r, logical.RevokeOperation, internal))
}

// promised revokes a lease that must be written down.
func (r *rig) promised(key string) {
	r.t.Helper()
	if resp, err := r.revoke(deferrable(key)); resp != nil || err != nil {
		r.t.Fatalf("the revoke is answered %v, %v", resp, err)
	}
}

// connected returns once the sidecar answers, since a revoke waits for one only
// shortly.
func (r *rig) connected() *rig {
	r.t.Helper()
	sidecartest.Eventually(r.t, "an answer", func() bool {
		_, err := r.do(logical.ReadOperation, "status", nil)
		return err == nil
	})
	return r
}

// revoking starts a sidecar that has nothing to say but to revokes.
func (r *rig) revoking(answer func(*sidecartest.Stream) error) *rig {
	r.t.Helper()
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		if s.Call.GetOperation() != pb.Operation_OPERATION_REVOKE {
			return s.Result(sidecartest.Nothing())
		}
		return answer(s)
	}}).Start(r.t, r.socket)
	return r.connected()
}

func (r *rig) journal() []string {
	r.t.Helper()
	names, err := r.storage.List(r.t.Context(), "journal/")
	if err != nil {
		r.t.Fatal(err)
	}
	return names
}

func TestARevokeThatNoSidecarAnswersIsWrittenDown(t *testing.T) {
	r := newRig(t)
	r.promised("k")
	entry, err := r.storage.Get(t.Context(), "journal/k")
	if err != nil || entry == nil {
		t.Fatalf("the entry is %v, %v", entry, err)
	}
	same(t, "entry", asJSON(t, entry.Value), map[string]any{
		"version": 1.0, "secret_type": "oauth_client",
		"internal_data":  map[string]any{"key": "k", "deferrable": true, "secret_note": "hunter2"},
		"issue_time":     "2026-01-02T03:04:05Z",
		"journaled_time": "1970-01-12T13:46:40Z",
	})
	r.promised("k")
	same(t, "journal", r.journal(), []string{"k"})
}

func TestARevokeThatBreaksOffIsWrittenDown(t *testing.T) {
	for name, end := range map[string]error{
		"a bug": status.Error(codes.Internal, "bug"), "an end without a result": nil, "a sidecar that goes": status.Error(codes.Unavailable, "bye"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t).revoking(func(s *sidecartest.Stream) error {
				if _, err := s.Ask(sidecartest.Get("config")); err != nil {
					return err
				}
				return end
			})
			r.promised("k")
			same(t, "journal", r.journal(), []string{"k"})
		})
	}
}

func TestARevokeIsWrittenDownBeforeItsTimeIsOver(t *testing.T) {
	r := newRig(t).revoking(func(s *sidecartest.Stream) error {
		<-s.Done()
		return nil
	})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	resp, err := r.backend.HandleRequest(ctx, lease(r, logical.RevokeOperation, deferrable("k")))
	if resp != nil || err != nil || ctx.Err() != nil {
		t.Fatalf("the revoke is answered %v, %v, and its time is over: %v", resp, err, ctx.Err())
	}
	same(t, "journal", r.journal(), []string{"k"})
}

func TestWhatTheSidecarAnswersIsNotWrittenDown(t *testing.T) {
	for name, refusal := range map[string]*pb.Error{
		"upstream refuses":          {Kind: pb.Error_KIND_CODED, HttpStatus: 502, Message: "upstream refuses"},
		"the sidecar has no answer": {Kind: pb.Error_KIND_CODED, HttpStatus: 503, Message: "later"},
		"a node that may not write": {Kind: pb.Error_KIND_READ_ONLY},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t).revoking(func(s *sidecartest.Stream) error { return s.Result(sidecartest.Refusal(refusal)) })
			if _, err := r.revoke(deferrable("k")); err == nil {
				t.Error("the revoke succeeds")
			}
			same(t, "entries", len(r.journal()), 0)
		})
	}
	r := newRig(t).saying(sidecartest.Nothing()).connected()
	r.promised("k")
	same(t, "entries", len(r.journal()), 0)
}

func TestARevokeThatMayNotWaitFailsWithoutASidecar(t *testing.T) {
	without := func(member string) map[string]any {
		internal := deferrable("k")
		delete(internal, member)
		return internal
	}
	with := func(member string, value any) map[string]any {
		internal := deferrable("k")
		internal[member] = value
		return internal
	}
	cases := []struct {
		name     string
		internal map[string]any
		vault    func(*view)
	}{
		{"a lease of strict revocation", with("deferrable", false), nil},
		{"a lease that does not say", without("deferrable"), nil},
		{"a lease that says it as text", with("deferrable", "true"), nil},
		{"a lease without a key", without("key"), nil},
		{"a key that is a path", with("key", "../config"), nil},
		{"a standby", deferrable("k"), func(v *view) { v.state = consts.ReplicationPerformanceStandby }},
		{"a disaster recovery secondary", deferrable("k"), func(v *view) { v.state = consts.ReplicationDRSecondary }},
		{"a mount that is being disabled", deferrable("k"), func(v *view) { v.tainted = true }},
		{"a Vault that cannot be asked", deferrable("k"), func(v *view) { v.broken = true }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if c.vault != nil {
				r.system.set(c.vault)
			}
			_, err := r.revoke(c.internal)
			same(t, "HTTP status", coded(t, err), 503)
			same(t, "entries", len(r.journal()), 0)
		})
	}
}

// hooked runs something after each write.
type hooked struct {
	logical.Storage
	after func()
}

func (h hooked) Put(ctx context.Context, entry *logical.StorageEntry) error {
	err := h.Storage.Put(ctx, entry)
	h.after()
	return err
}

func TestNothingIsPromisedOnceTheMountIsBeingDisabled(t *testing.T) {
	for name, change := range map[string]func(*view){
		"disabled": func(v *view) { v.tainted = true }, "a Vault that cannot be asked": func(v *view) { v.broken = true },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			req := lease(r, logical.RevokeOperation, deferrable("k"))
			req.Storage = hooked{r.storage, func() { r.system.set(change) }}
			_, err := r.backend.HandleRequest(t.Context(), req)
			if coded(t, err) != 503 || !strings.Contains(err.Error(), "could not be written down") {
				t.Errorf("error is %v", err)
			}
			same(t, "entries", len(r.journal()), 0)
			same(t, "promised", r.backend.(*mount).journalCount(), uint64(0))
		})
	}
}

func TestARevokeThatCannotBeWrittenDownSaysBothReasons(t *testing.T) {
	r := newRig(t)
	req := lease(r, logical.RevokeOperation, deferrable("k"))
	req.Storage = faulty{errors.New("disk is full")}
	_, err := r.backend.HandleRequest(t.Context(), req)
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "sidecar is unavailable") || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("error is %v", err)
	}
}

func TestNothingIsWrittenDownForACallerWhoHasGone(t *testing.T) {
	arrived := make(chan struct{})
	r := newRig(t).revoking(func(s *sidecartest.Stream) error {
		close(arrived)
		<-s.Done()
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	if _, err := r.backend.HandleRequest(ctx, lease(r, logical.RevokeOperation, deferrable("k"))); err == nil {
		t.Error("the revoke succeeds")
	}
	same(t, "entries", len(r.journal()), 0)
}

func TestAThousandRevokesAreWrittenDownAtOnce(t *testing.T) {
	r := newRig(t)
	var all sync.WaitGroup
	for i := range 1000 {
		all.Go(func() {
			if _, err := r.revoke(deferrable(fmt.Sprintf("k%d", i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, "entries", len(r.journal()), 1000)
	same(t, "promised", r.backend.(*mount).journalCount(), uint64(1000))
}

func TestASessionIsToldOfEveryRevokeThatIsWrittenDown(t *testing.T) {
	r := newRig(t)
	opened, notices := make(chan struct{}, 8), make(chan *pb.Notice, 8)
	(&sidecartest.Sidecar{
		OnServe: func(*sidecartest.Stream) error { return status.Error(codes.Internal, "bug") },
		OnAttend: func(s *sidecartest.Stream) error {
			opened <- struct{}{}
			for {
				frame, err := s.Receive()
				if err != nil {
					return err
				}
				notices <- frame.GetNotice()
			}
		},
	}).Start(t, r.socket)
	if err := r.backend.Initialize(t.Context(), &logical.InitializationRequest{Storage: r.storage}); err != nil {
		t.Fatal(err)
	}
	// What is written down before is read when a session opens.
	sidecartest.Receive(t, opened)
	for _, key := range []string{"a", "b"} {
		r.promised(key)
	}
	for sidecartest.Receive(t, notices).GetJournaled() != 2 {
	}
}

// logging returns another mount of the rig, and what it logs.
func (r *rig) logging() (logical.Backend, *written) {
	r.t.Helper()
	text := &written{}
	backend, err := r.factory(r.t.Context(), &logical.BackendConfig{
		StorageView: r.storage, System: r.system, BackendUUID: "mount-2",
		Logger: hclog.New(&hclog.LoggerOptions{Output: text, Level: hclog.Info}),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { backend.Cleanup(context.Background()) })
	return backend, text
}

// written is what was logged so far.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(line)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func TestTheLogSaysWhenRevokesAreWrittenDownAndWhenThatIsOver(t *testing.T) {
	r := newRig(t)
	backend, text := r.logging()
	for _, key := range []string{"a", "b", "c"} {
		if _, err := backend.HandleRequest(t.Context(), lease(r, logical.RevokeOperation, deferrable(key))); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "warnings", strings.Count(text.String(), "revokes are written down"), 1)
	r.saying(sidecartest.Nothing())
	sidecartest.Eventually(t, "an answer", func() bool {
		_, err := backend.HandleRequest(t.Context(), r.request(logical.ReadOperation, "status", nil))
		return err == nil
	})
	if !strings.Contains(text.String(), "takes over the revokes that were written down: revokes=3") {
		t.Errorf("the log is %s", text)
	}
	if strings.Contains(text.String(), "hunter2") {
		t.Errorf("the log tells what a lease knows: %s", text)
	}
}

func TestTheLogNamesTheRecordsOfAMountThatIsDisabledWithoutASidecar(t *testing.T) {
	r := newRig(t)
	for i := range mostNamed + 2 {
		r.put(fmt.Sprintf("clients/k%04d", i), "{}")
	}
	backend, text := r.logging()
	r.system.set(func(v *view) { v.tainted = true })
	if _, err := backend.HandleRequest(t.Context(), r.request(logical.RollbackOperation, "", nil)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"what=clients/k0000\n", "what=clients/k0999\n", "more=2\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	same(t, "lines", strings.Count(text.String(), somethingIsLeft), mostNamed+1)
	req := r.request(logical.RollbackOperation, "", nil)
	req.Storage = faulty{errors.New("disk is gone")}
	if _, err := backend.HandleRequest(t.Context(), req); err != nil || !strings.Contains(text.String(), "disk is gone") {
		t.Errorf("the tick answers %v, and the log is without the reason", err)
	}
}

func TestTheLogSaysWhatIsLeftOfAMountThatIsDisabled(t *testing.T) {
	r := newRig(t).saying(sidecartest.Response(&pb.Response{Warnings: []string{"client-1 is left", "client-2 is left"}}))
	backend, text := r.logging()
	r.system.set(func(v *view) { v.tainted = true })
	if _, err := backend.HandleRequest(t.Context(), r.request(logical.RollbackOperation, "", nil)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"[WARN]", "client-1 is left", "client-2 is left"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the log is %s, want %q in it", text, want)
		}
	}
}
