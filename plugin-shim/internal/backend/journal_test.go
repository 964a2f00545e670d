package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// strict is what a lease knows whose revoke must not count as done before it is.
func strict(key string) map[string]any {
	internal := deferrable(key)
	internal["deferrable"] = false
	return internal
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

// refused revokes a lease that must be written down and stay with Vault.
func (r *rig) refused(internal map[string]any) {
	r.t.Helper()
	resp, err := r.revoke(internal)
	if resp != nil || coded(r.t, err) != 503 {
		r.t.Fatalf("the revoke is answered %v, %v", resp, err)
	}
	for _, want := range []string{"is written down, and done once the sidecar answers", "Vault keeps the lease", "-sync"} {
		if !strings.Contains(err.Error(), want) {
			r.t.Errorf("error is %v, want %q in it", err, want)
		}
	}
}

// connected returns once the sidecar answers, since a revoke waits for one only
// shortly.
func (r *rig) connected() *rig {
	r.t.Helper()
	sidecartest.Eventually(r.t, "an answer", func() bool {
		_, err := r.do(logical.ReadOperation, "config", nil)
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

func TestARevokeThatMayNotWaitIsWrittenDownAndFails(t *testing.T) {
	without := strict("k")
	delete(without, "deferrable")
	asText := strict("k")
	asText["deferrable"] = "true"
	for name, internal := range map[string]map[string]any{
		"a lease of strict revocation": strict("k"), "a lease that does not say": without, "a lease that says it as text": asText,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			// Once more is once more the same entry.
			for range 2 {
				r.refused(internal)
				same(t, "journal", r.journal(), []string{"k"})
			}
			entry, err := r.storage.Get(t.Context(), "journal/k")
			if err != nil || entry == nil {
				t.Fatalf("the entry is %v, %v", entry, err)
			}
			kept := maps.Clone(internal)
			delete(kept, "secret_type")
			same(t, "internal data", asJSON(t, entry.Value)["internal_data"], any(kept))
			same(t, "written down", r.backend.(*mount).journalCount(), uint64(2))
		})
	}
}

func TestARevokeThatMayNotWaitIsWrittenDownWhereItBreaksOff(t *testing.T) {
	for name, end := range map[string]error{
		"a bug": status.Error(codes.Internal, "bug"), "an end without a result": nil, "a sidecar that goes": status.Error(codes.Unavailable, "bye"),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t).revoking(func(*sidecartest.Stream) error { return end })
			r.refused(strict("k"))
			same(t, "journal", r.journal(), []string{"k"})
		})
	}
}

func TestAnEntryKeepsNumbersAndLeavesOutWhatVaultDoesNotSay(t *testing.T) {
	r := newRig(t)
	internal := deferrable("k")
	internal["n"] = json.Number("9007199254740993")
	req := lease(r, logical.RevokeOperation, internal)
	req.Secret.IssueTime = time.Time{}
	if _, err := r.backend.HandleRequest(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	same(t, "secret type of the request", req.Secret.InternalData["secret_type"], any("oauth_client"))
	entry, err := r.storage.Get(t.Context(), "journal/k")
	if err != nil || entry == nil {
		t.Fatalf("the entry is %v, %v", entry, err)
	}
	if text := string(entry.Value); !strings.Contains(text, `"n":9007199254740993`) || strings.Contains(text, "issue_time") {
		t.Errorf("the entry is %s", text)
	}
}

func TestARevokeThatBreaksOffIsWrittenDown(t *testing.T) {
	for name, end := range map[string]error{
		"a bug": status.Error(codes.Internal, "bug"), "an end without a result": nil, "a sidecar that goes": status.Error(codes.Unavailable, "bye"),
		"another version": status.Error(codes.FailedPrecondition, "other paths"),
	} {
		for when, ops := range map[string][]*pb.StorageOp{"at once": nil, "amid work": {sidecartest.Get("config"), sidecartest.Delete("clients/k")}} {
			t.Run(name+" "+when, func(t *testing.T) {
				var reached atomic.Bool
				r := newRig(t).revoking(func(s *sidecartest.Stream) error {
					reached.Store(true)
					for _, op := range ops {
						if _, err := s.Ask(op); err != nil {
							return err
						}
					}
					return end
				})
				r.promised("k")
				same(t, "journal", r.journal(), []string{"k"})
				same(t, "reached", reached.Load(), true)
			})
		}
	}
}

func TestARevokeIsWrittenDownBeforeItsTimeIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		internal map[string]any
		promised bool
	}{"one that may wait": {deferrable("k"), true}, "one that may not": {strict("k"), false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).revoking(func(s *sidecartest.Stream) error {
				<-s.Done()
				return nil
			})
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			req := lease(r, logical.RevokeOperation, c.internal)
			// Half of a short time is kept back for the write.
			var left time.Duration
			req.Storage = hooked{r.storage, func() {
				deadline, _ := ctx.Deadline()
				left = time.Until(deadline)
			}}
			resp, err := r.backend.HandleRequest(ctx, req)
			if left < 200*time.Millisecond {
				t.Errorf("%s were left for the write", left)
			}
			if resp != nil || (err == nil) != c.promised || ctx.Err() != nil {
				t.Fatalf("the revoke is answered %v, %v, and its time is over: %v", resp, err, ctx.Err())
			}
			same(t, "journal", r.journal(), []string{"k"})
		})
	}
}

func TestWhatTheSidecarAnswersIsNotWrittenDown(t *testing.T) {
	for name, refusal := range map[string]*pb.Error{
		"upstream refuses":          {Kind: pb.Error_KIND_CODED, HttpStatus: 502, Message: "upstream refuses"},
		"the sidecar has no answer": {Kind: pb.Error_KIND_CODED, HttpStatus: 503, Message: "later"},
		"a node that may not write": {Kind: pb.Error_KIND_READ_ONLY},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t).revoking(func(s *sidecartest.Stream) error { return s.Result(sidecartest.Refusal(refusal)) })
			for _, internal := range []map[string]any{deferrable("k"), strict("k")} {
				if _, err := r.revoke(internal); err == nil || strings.Contains(err.Error(), "written down") {
					t.Errorf("the revoke is answered %v", err)
				}
			}
			same(t, "entries", len(r.journal()), 0)
		})
	}
	r := newRig(t).saying(sidecartest.Nothing()).connected()
	r.promised("k")
	same(t, "entries", len(r.journal()), 0)
}

func TestARevokeThatMayNotBeWrittenDownFailsWithoutASidecar(t *testing.T) {
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
		{"a lease without a key", without("key"), nil},
		{"a key that is a path", with("key", "../config"), nil},
		{"a standby", deferrable("k"), func(v *view) { v.state = consts.ReplicationPerformanceStandby }},
		{"a disaster recovery secondary", deferrable("k"), func(v *view) { v.state = consts.ReplicationDRSecondary }},
		{"a performance secondary", deferrable("k"), func(v *view) { v.state = consts.ReplicationPerformanceSecondary }},
		{"a mount that is being disabled", deferrable("k"), func(v *view) { v.tainted = true }},
		{"a mount that is being disabled, of strict revocation", strict("k"), func(v *view) { v.tainted = true }},
		{"a Vault that cannot be asked", deferrable("k"), func(v *view) { v.broken = true }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if c.vault != nil {
				r.system.set(c.vault)
			}
			req := lease(r, logical.RevokeOperation, c.internal)
			// Not even for a moment.
			req.Storage = hooked{r.storage, func() { t.Error("something is written") }}
			_, err := r.backend.HandleRequest(t.Context(), req)
			same(t, "HTTP status", coded(t, err), 503)
			same(t, "entries", len(r.journal()), 0)
		})
	}
}

func TestARevokeFailsWhereVaultSaysEverythingButWhetherTheMountIsBeingDisabled(t *testing.T) {
	r := newRig(t)
	// Kept for seconds, so that the node is known to write.
	r.backend.(*mount).facts(false)
	r.system.set(func(v *view) { v.broken = true })
	req := lease(r, logical.RevokeOperation, deferrable("k"))
	req.Storage = hooked{r.storage, func() { t.Error("something is written") }}
	_, err := r.backend.HandleRequest(t.Context(), req)
	same(t, "HTTP status", coded(t, err), 503)
}

// hooked runs something after each write, which nothing interrupts.
type hooked struct {
	logical.Storage
	after func()
}

func (h hooked) Put(ctx context.Context, entry *logical.StorageEntry) error {
	err := h.Storage.Put(context.WithoutCancel(ctx), entry)
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
			if coded(t, err) != 503 || !strings.Contains(err.Error(), "may be lost") || strings.Contains(err.Error(), "and done once") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestAMountThatIsBeingDisabledKeepsWhatAnEarlierRevokeWroteDown(t *testing.T) {
	r := newRig(t)
	r.refused(strict("k"))
	req := lease(r, logical.RevokeOperation, strict("k"))
	req.Storage = hooked{r.storage, func() { r.system.set(func(v *view) { v.tainted = true }) }}
	if _, err := r.backend.HandleRequest(t.Context(), req); coded(t, err) != 503 {
		t.Errorf("error is %v", err)
	}
	same(t, "journal", r.journal(), []string{"k"})
}

func TestASessionReadsWhatMayHaveBeenWrittenDownAllTheSame(t *testing.T) {
	r := newRig(t)
	for i, internal := range []map[string]any{deferrable("k"), strict("k")} {
		req := lease(r, logical.RevokeOperation, internal)
		req.Storage = forgetful{r.storage}
		if _, err := r.backend.HandleRequest(t.Context(), req); coded(t, err) != 503 {
			t.Errorf("error is %v", err)
		}
		same(t, "told", r.backend.(*mount).journalCount(), uint64(i+1))
	}
}

// forgetful writes, and says that it did not.
type forgetful struct{ logical.Storage }

func (f forgetful) Put(ctx context.Context, entry *logical.StorageEntry) error {
	return errors.Join(f.Storage.Put(ctx, entry), errors.New("no answer"))
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
	req := lease(r, logical.RevokeOperation, deferrable("k"))
	req.Storage = hooked{r.storage, func() { t.Error("something is written") }}
	if _, err := r.backend.HandleRequest(ctx, req); err == nil {
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

func TestWhoIsRevokedLaterDoesNotWaitAgain(t *testing.T) {
	r := newRigOf(t, embedded(t), "mount-1", sidecartest.Socket(t), func(o *Options) { o.Sidecar.Budget = 600 * time.Millisecond })
	// Each wait of a sixth of the budget would make it a hundred seconds.
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for i := range 1000 {
		key := fmt.Sprintf("k%d", i)
		internal := map[bool]map[string]any{true: deferrable(key), false: strict(key)}[i%2 == 0]
		if _, err := r.backend.HandleRequest(ctx, lease(r, logical.RevokeOperation, internal)); (err == nil) != (i%2 == 0) || ctx.Err() != nil {
			t.Fatalf("after %d revokes: %v", i, err)
		}
	}
	same(t, "entries", len(r.journal()), 1000)
}

// attended has a sidecar that answers no request open the mount's session, and
// returns what the session is told.
func (r *rig) attended() <-chan *pb.Notice {
	r.t.Helper()
	opened, notices := make(chan struct{}, 1), make(chan *pb.Notice, 8)
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
	}).Start(r.t, r.socket)
	if err := r.backend.Initialize(r.t.Context(), &logical.InitializationRequest{Storage: r.storage}); err != nil {
		r.t.Fatal(err)
	}
	sidecartest.Receive(r.t, opened)
	return notices
}

func TestASessionIsToldOfEveryRevokeThatIsWrittenDown(t *testing.T) {
	r := newRig(t)
	notices := r.attended()
	for i, key := range []string{"a", "b"} {
		r.promised(key)
		for sidecartest.Receive(t, notices).GetJournaled() != uint64(i+1) {
		}
	}
}

func TestANewPluginProcessTellsItsSessionOfWhatItWritesItself(t *testing.T) {
	r := newRig(t)
	r.promised("a")
	r.backend.Cleanup(t.Context())
	again := newRigOf(t, embedded(t), r.uuid, r.socket)
	again.storage = r.storage
	notices := again.attended()
	again.promised("b")
	for sidecartest.Receive(t, notices).GetJournaled() != 1 {
	}
	same(t, "journal", again.journal(), []string{"a", "b"})
}
