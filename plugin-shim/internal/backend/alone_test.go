package backend

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// status returns what a read of status, which must succeed, is answered.
func (r *rig) status() *logical.Response {
	r.t.Helper()
	resp, err := r.do(logical.ReadOperation, "status", nil)
	if err != nil || resp == nil || resp.IsError() {
		r.t.Fatalf("status is answered %v, %v", resp, err)
	}
	return resp
}

func TestStatusWithoutASidecarIsWhatThePluginKnows(t *testing.T) {
	r := newRig(t)
	if err := r.backend.Initialize(t.Context(), &logical.InitializationRequest{Storage: r.storage}); err != nil {
		t.Fatal(err)
	}
	sidecartest.Eventually(t, "the session is missed", func() bool {
		since, reason := r.backend.(*mount).session.Absence()
		return !since.IsZero() && reason != ""
	})
	for _, key := range []string{"a", "b"} {
		if _, err := r.backend.HandleRequest(t.Context(), lease(r, logical.RevokeOperation, deferrable(key))); err != nil {
			t.Fatal(err)
		}
	}
	resp := r.status()
	why, _ := resp.Data["sidecar_error"].(string)
	if !strings.HasPrefix(why, "the sidecar cannot be reached since ") || !strings.Contains(why, "no such file") {
		t.Errorf("sidecar_error is %q", why)
	}
	if reason, _ := resp.Data["session_error"].(string); !strings.Contains(reason, r.socket) {
		t.Errorf("session_error is %q", reason)
	}
	if len(resp.Warnings) != 1 || !strings.Contains(resp.Warnings[0], why) {
		t.Errorf("warnings are %q", resp.Warnings)
	}
	delete(resp.Data, "sidecar_error")
	delete(resp.Data, "session_error")
	same(t, "the rest", resp.Data, map[string]any{
		"shim_version": "v0.1.0", "protocol_version": 1, "descriptor_sha256": hex.EncodeToString(embedded(t).SHA256()),
		"session": false, "session_missing_since": "1970-01-12T13:46:40Z", "journaled": uint64(2),
	})
}

func TestStatusOfAMountThatWasNotInitializedSaysNothingOfASession(t *testing.T) {
	data := newRig(t).status().Data
	for _, name := range []string{"session_missing_since", "session_error"} {
		if value, there := data[name]; there {
			t.Errorf("%s is %v", name, value)
		}
	}
}

func TestStatusThatGetsNoAnswerLeavesTheSessionOpen(t *testing.T) {
	r := newRigOf(t, embedded(t), "mount-1", sidecartest.Socket(t), func(o *Options) {
		o.Now = time.Now
		o.Sidecar.LongestRetry = time.Millisecond
	})
	opened := make(chan struct{}, 1)
	(&sidecartest.Sidecar{
		OnServe: func(s *sidecartest.Stream) error { <-s.Done(); return nil },
		OnAttend: func(s *sidecartest.Stream) error {
			opened <- struct{}{}
			<-s.Done()
			return nil
		},
	}).Start(t, r.socket)
	if err := r.backend.Initialize(t.Context(), &logical.InitializationRequest{Storage: r.storage}); err != nil {
		t.Fatal(err)
	}
	sidecartest.Receive(t, opened)
	sidecartest.Eventually(t, "the session is open", func() bool {
		since, _ := r.backend.(*mount).session.Absence()
		return since.IsZero()
	})
	data := r.status().Data
	if data["session"] != true || data["session_missing_since"] != nil {
		t.Errorf("status is %v", data)
	}
}

func TestWhatTheSidecarAnswersIsPassedOnAsItIs(t *testing.T) {
	r := newRig(t).saying(sidecartest.Response(&pb.Response{DataJson: []byte(`{"session":true}`)}))
	same(t, "data", r.status().Data, map[string]any{"session": true})
	for _, status := range []uint32{429, 503} {
		refusing := newRig(t).saying(sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: status, Message: "come back in 2 s"}))
		if _, err := refusing.do(logical.ReadOperation, "status", nil); coded(t, err) != int(status) || err.Error() != "come back in 2 s" {
			t.Errorf("a refusal with %d is answered %v", status, err)
		}
	}
}

func TestOnlyWhatIsMarkedIsAnsweredWithoutASidecar(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"config", "creds/demo", "static-roles/crm/status"} {
		if _, err := r.do(logical.ReadOperation, path, nil); coded(t, err) != 503 {
			t.Errorf("%s is answered %v", path, err)
		}
	}
}

func TestAStandbyHasTheActiveNodeAnswerStatus(t *testing.T) {
	text, err := os.ReadFile("../descriptor/engine.textproto")
	if err != nil {
		t.Fatal(err)
	}
	// As a server whose standbys forward no read by themselves.
	before, after, _ := strings.Cut(string(text), `id: "status"`)
	d, err := descriptor.Parse([]byte(before + `id: "status"` + strings.Replace(after, "forward_standby: true", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	r := newRigOf(t, d, "mount-1", sidecartest.Socket(t))
	r.system.set(func(v *view) { v.state = consts.ReplicationPerformanceStandby })
	if _, err := r.do(logical.ReadOperation, "status", nil); err != logical.ErrPerfStandbyPleaseForward {
		t.Errorf("answers %v", err)
	}
}

func TestASidecarThatHangsIsTakenForOneThatIsAway(t *testing.T) {
	release := make(chan struct{})
	r := newRigOf(t, embedded(t), "mount-1", sidecartest.Socket(t), func(o *Options) {
		o.Now = time.Now
		o.Sidecar.Suspicion = 50 * time.Millisecond
	})
	fake := &sidecartest.Sidecar{OnHello: func() { <-release }}
	fake.Start(t, r.socket)
	if err := r.backend.Initialize(t.Context(), &logical.InitializationRequest{Storage: r.storage}); err != nil {
		t.Fatal(err)
	}
	const silence = "the sidecar does not answer since "
	sidecartest.Eventually(t, "the session is missed", func() bool {
		_, reason := r.backend.(*mount).session.Absence()
		return strings.HasPrefix(reason, silence)
	})
	data := r.status().Data
	for _, name := range []string{"sidecar_error", "session_error"} {
		if text, _ := data[name].(string); !strings.HasPrefix(text, silence) {
			t.Errorf("%s is %q", name, text)
		}
	}
	if _, err := r.do(logical.ReadOperation, "config", nil); coded(t, err) != 503 || !strings.Contains(err.Error(), "nothing had begun") {
		t.Errorf("a read is answered %v", err)
	}
	if _, err := r.backend.HandleRequest(t.Context(), lease(r, logical.RevokeOperation, deferrable("k"))); err != nil {
		t.Errorf("a revoke is answered %v", err)
	}
	same(t, "journal", r.journal(), []string{"k"})
	close(release)
	sidecartest.Eventually(t, "calls go on", func() bool {
		_, err := r.do(logical.ReadOperation, "config", nil)
		return err == nil
	})
}
