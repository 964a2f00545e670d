package backend

import (
	"context"
	"testing"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// vaultsBus is Vault's event bus as it is handed to one mount: it says by itself
// which mount and plugin an event is from.
type vaultsBus struct {
	plugin   *logical.EventPluginInfo
	received chan *logical.EventReceived
}

func busOf(mountPath string) *vaultsBus {
	plugin := &logical.EventPluginInfo{MountClass: "secret", MountPath: mountPath, Plugin: "vault-plugin-secrets-genesys"}
	return &vaultsBus{plugin: plugin, received: make(chan *logical.EventReceived, 8)}
}

func (b *vaultsBus) SendEvent(_ context.Context, kind logical.EventType, data *logical.EventData) error {
	b.received <- &logical.EventReceived{Event: data, EventType: string(kind), PluginInfo: b.plugin}
	return nil
}

// mountOn mounts once more, on a bus.
func (r *rig) mountOn(uuid string, bus logical.EventSender) logical.Backend {
	r.t.Helper()
	b, err := r.factory(r.t.Context(), &logical.BackendConfig{
		StorageView: r.storage, System: r.system, BackendUUID: uuid, EventsSender: bus})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { b.Cleanup(context.Background()) })
	return b
}

func TestEventsReachVaultAsThoseOfTheirMount(t *testing.T) {
	r := newRig(t)
	attended := func(s *sidecartest.Stream) error {
		if err := s.SendEvent("genesys/static-role-overdue", map[string]string{"mount": s.Call.GetMount().GetUuid(), "path": "static-roles/demo"}); err != nil {
			t.Error(err)
		}
		<-s.Done()
		return nil
	}
	(&sidecartest.Sidecar{OnAttend: attended, OnServe: func(s *sidecartest.Stream) error {
		if err := s.SendEvent("genesys/static-role-rotated", map[string]string{"mount": s.Call.GetMount().GetUuid()}); err != nil {
			return err
		}
		return s.Result(sidecartest.Response(&pb.Response{}))
	}}).Start(t, r.socket)
	buses := map[string]*vaultsBus{"mount-a": busOf("a/"), "mount-b": busOf("b/")}
	for uuid, bus := range buses {
		b := r.mountOn(uuid, bus)
		if err := b.Initialize(t.Context(), &logical.InitializationRequest{Storage: r.storage}); err != nil {
			t.Fatal(err)
		}
		overdue := sidecartest.Receive(t, bus.received)
		same(t, "event of the session", overdue.GetEventType(), "genesys/static-role-overdue")
		same(t, "its metadata", overdue.GetEvent().GetMetadata().AsMap(), map[string]any{"mount": uuid, "path": "static-roles/demo"})
		same(t, "its mount", overdue.GetPluginInfo().GetMountPath(), bus.plugin.GetMountPath())
		if overdue.ID() == "" {
			t.Error("the event has no id")
		}
		if resp, err := b.HandleRequest(t.Context(), r.request(logical.ReadOperation, "config", nil)); err != nil || resp.IsError() {
			t.Fatalf("status is answered %v, %v", resp, err)
		}
		rotated := sidecartest.Receive(t, bus.received)
		same(t, "event of a request", rotated.GetEventType(), "genesys/static-role-rotated")
		same(t, "its metadata", rotated.GetEvent().GetMetadata().AsMap(), map[string]any{"mount": uuid})
	}
	for uuid, bus := range buses {
		if len(bus.received) != 0 {
			t.Errorf("%s received events of another mount", uuid)
		}
	}
}

func TestAVaultWithoutEventsHarmsNoRequest(t *testing.T) {
	r := newRig(t)
	replies := make(chan error, 1)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		replies <- s.SendEvent("genesys/static-role-rotated", nil)
		return s.Result(sidecartest.Response(&pb.Response{}))
	}}).Start(t, r.socket)
	if resp, err := r.do(logical.ReadOperation, "config", nil); err != nil || resp.IsError() {
		t.Fatalf("status is answered %v, %v", resp, err)
	}
	if err := sidecartest.Receive(t, replies); err == nil {
		t.Error("an event is sent where there is no bus")
	}
}
