package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// logging returns another mount of the rig, and what it logs.
func (r *rig) logging() (logical.Backend, *written) {
	r.t.Helper()
	text := &written{}
	return r.loggingTo(text), text
}

func (r *rig) loggingTo(text io.Writer) logical.Backend {
	r.t.Helper()
	backend, err := r.factory(r.t.Context(), &logical.BackendConfig{
		StorageView: r.storage, System: r.system, BackendUUID: "mount-2",
		Logger: hclog.New(&hclog.LoggerOptions{Output: text, Level: hclog.Info}),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { backend.Cleanup(context.Background()) })
	return backend
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
	for outage, keys := range [][]string{{"a", "b", "c"}, {"d"}} {
		for _, key := range keys {
			if _, err := backend.HandleRequest(t.Context(), lease(r, logical.RevokeOperation, deferrable(key))); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "warnings", strings.Count(text.String(), "[WARN]  the sidecar does not answer: revokes are written down"), outage+1)
		fake := (&sidecartest.Sidecar{}).Start(t, r.socket)
		for range 2 {
			sidecartest.Eventually(t, "an answer", func() bool {
				_, err := backend.HandleRequest(t.Context(), r.request(logical.ReadOperation, "config", nil))
				return err == nil
			})
		}
		want := fmt.Sprintf("[INFO]  the sidecar answers again and takes over the revokes that were written down: revokes=%d\n", len(keys))
		same(t, "ends of the outage", strings.Count(text.String(), want), 1)
		same(t, "ends of all", strings.Count(text.String(), "takes over"), outage+1)
		fake.Stop()
	}
	if !strings.Contains(text.String(), "reason=\"genesys sidecar is unavailable") {
		t.Errorf("the log is %s, want why the sidecar does not answer", text)
	}
	if strings.Contains(text.String(), "hunter2") {
		t.Errorf("the log tells what a lease knows: %s", text)
	}
}

// watching is a log that looks at the mount before it takes a line.
type watching struct{ look func() }

func (w *watching) Write(line []byte) (int, error) {
	if w.look != nil {
		w.look()
	}
	return len(line), nil
}

func TestALogThatIsSlowHoldsUpNoRequest(t *testing.T) {
	r := newRig(t)
	log := &watching{}
	backend := r.loggingTo(log)
	m, lines := backend.(*mount), 0
	log.look = func() {
		lines++
		if !m.mu.TryLock() {
			t.Error("a line is logged while requests of the mount have to wait")
			return
		}
		m.mu.Unlock()
	}
	if _, err := backend.HandleRequest(t.Context(), lease(r, logical.RevokeOperation, deferrable("a"))); err != nil {
		t.Fatal(err)
	}
	m.noteInstance("one")
	same(t, "lines", lines, 2)
}

func TestTheLogNamesTheRecordsOfAMountThatIsDisabledWithoutASidecar(t *testing.T) {
	r := newRig(t)
	for i := range mostNamed + 2 {
		r.put(fmt.Sprintf("clients/k%04d", i), "{}")
	}
	backend, text := r.logging()
	r.system.set(func(v *view) { v.tainted = true })
	req := r.request(logical.RollbackOperation, "", nil)
	req.Storage = faulty{errors.New("disk is gone")}
	if _, err := backend.HandleRequest(t.Context(), req); err != nil || !strings.Contains(text.String(), "disk is gone") {
		t.Errorf("the tick answers %v, and the log is without the reason", err)
	}
	tick := func() {
		if _, err := backend.HandleRequest(t.Context(), r.request(logical.RollbackOperation, "", nil)); err != nil {
			t.Fatal(err)
		}
	}
	// Vault's minute comes again and again where the disabling does not succeed.
	tick()
	tick()
	for _, want := range []string{"what=clients/k0000\n", "what=clients/k0999\n", "more=2\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	same(t, "lines", strings.Count(text.String(), somethingIsLeft), mostNamed+1)
	backend.(*mount).noteInstance("one")
	tick()
	same(t, "lines after a sidecar answered", strings.Count(text.String(), somethingIsLeft), 2*(mostNamed+1))
}

func TestTheLogNamesWhatWasPromisedAndWhatIsRecordedWhereTheSidecarDoesNotDrainTheMount(t *testing.T) {
	promised := `{"version":1,"secret_type":"oauth_client","internal_data":{"client_id":"client-1","key":"a"},"journaled_time":"2026-01-01T00:00:00Z"}`
	for name, start := range map[string]func(*rig){
		"no sidecar": func(*rig) {},
		"an error": func(r *rig) {
			r.saying(sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 500, Message: "storage failed"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			start(r)
			r.put("clients/a", "{")
			r.put("journal/a", promised)
			r.put("journal/b", "{")
			backend, text := r.logging()
			r.system.set(func(v *view) { v.tainted = true })
			if _, err := backend.HandleRequest(t.Context(), r.request(logical.RollbackOperation, "", nil)); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{
				"what=journal/a lease=\"{\\\"client_id\\\":\\\"client-1\\\",\\\"key\\\":\\\"a\\\"}\"\n",
				"what=journal/b error=",
				"what=clients/a\n",
			} {
				if !strings.Contains(text.String(), want) {
					t.Errorf("the log is %s, want %q in it", text, want)
				}
			}
		})
	}
}

func TestTheLogSaysWhatIsLeftOfAMountThatIsDisabled(t *testing.T) {
	r := newRig(t).saying(sidecartest.Response(&pb.Response{Warnings: []string{"client-1 is left", "client-2 is left"}}))
	backend, text := r.logging()
	r.system.set(func(v *view) { v.tainted = true })
	if _, err := backend.HandleRequest(t.Context(), r.request(logical.RollbackOperation, "", nil)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"client-1 is left", "client-2 is left"} {
		want = "[WARN]  " + somethingIsLeft + `: what="` + want + `"`
		if !strings.Contains(text.String(), want) {
			t.Errorf("the log is %s, want %q in it", text, want)
		}
	}
}
