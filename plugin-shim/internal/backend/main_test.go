package backend

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecar"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func TestMain(m *testing.M) {
	sidecartest.Main(m)
}

// view is Vault's core as a plugin sees it: zero where it cannot be asked.
type view struct {
	logical.StaticSystemView
	mu       sync.Mutex
	broken   bool
	panics   bool
	state    consts.ReplicationState
	local    bool
	tainted  bool
	standard time.Duration
	longest  time.Duration
	asked    int
}

func active() *view {
	return &view{
		StaticSystemView: logical.StaticSystemView{PluginEnvironment: &logical.PluginEnvironment{VaultVersion: "1.21.2"}},
		state:            consts.ReplicationDRDisabled | consts.ReplicationPerformanceDisabled,
		standard:         time.Hour, longest: 24 * time.Hour,
	}
}

func (v *view) set(change func(*view)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change(v)
}

func ask[T any](v *view, answer func() T) T {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.asked++
	if v.panics {
		panic("no view")
	}
	if v.broken {
		var zero T
		return zero
	}
	return answer()
}

func (v *view) DefaultLeaseTTL() time.Duration {
	return ask(v, func() time.Duration { return v.standard })
}

func (v *view) MaxLeaseTTL() time.Duration {
	return ask(v, func() time.Duration { return v.longest })
}

func (v *view) Tainted() bool {
	return ask(v, func() bool { return v.tainted })
}

func (v *view) LocalMount() bool {
	return ask(v, func() bool { return v.local })
}

func (v *view) ReplicationState() consts.ReplicationState {
	return ask(v, func() consts.ReplicationState { return v.state })
}

// rig is one mount, its Vault, and its sidecar.
type rig struct {
	t       *testing.T
	socket  string
	uuid    string
	system  *view
	storage *logical.InmemStorage
	backend logical.Backend
	calls   chan *pb.Call
	clock   atomic.Int64
	factory logical.Factory
}

// newRig returns a mount whose sidecar is away.
func newRig(t *testing.T) *rig {
	t.Helper()
	return newRigOf(t, embedded(t), "mount-1", sidecartest.Socket(t))
}

func embedded(t *testing.T) *descriptor.Descriptor {
	t.Helper()
	d, err := descriptor.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newRigOf(t *testing.T, d *descriptor.Descriptor, uuid, socket string, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, socket: socket, uuid: uuid, system: active(), storage: &logical.InmemStorage{}, calls: make(chan *pb.Call, 64)}
	r.clock.Store(1_000_000)
	target, err := sidecar.ParseTarget("unix://"+r.socket, sidecar.AnyOwnUID)
	if err != nil {
		t.Fatal(err)
	}
	options := Options{
		Version: "v0.1.0", Descriptor: d,
		Sidecar: sidecar.Options{Target: target, Budget: 300 * time.Millisecond, FirstRetry: time.Millisecond, LongestRetry: 10 * time.Millisecond},
		Now:     func() time.Time { return time.Unix(r.clock.Load(), 0) },
	}
	for _, each := range change {
		each(&options)
	}
	r.factory = Factory(options)
	r.backend, err = r.factory(t.Context(), &logical.BackendConfig{StorageView: r.storage, System: r.system, BackendUUID: uuid})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.backend.Cleanup(context.Background()) })
	return r
}

// serving starts the sidecar: it notes each call and answers it.
func (r *rig) serving(answer func(*sidecartest.Stream) *pb.Result) *rig {
	r.t.Helper()
	(&sidecartest.Sidecar{InstanceID: "one", OnServe: func(s *sidecartest.Stream) error {
		r.calls <- s.Call
		return s.Result(answer(s))
	}}).Start(r.t, r.socket)
	return r
}

// saying starts the sidecar with one answer for all.
func (r *rig) saying(result *pb.Result) *rig {
	r.t.Helper()
	return r.serving(func(*sidecartest.Stream) *pb.Result { return result })
}

func (r *rig) request(operation logical.Operation, path string, data map[string]any) *logical.Request {
	return &logical.Request{
		ID: "request-1", Operation: operation, Path: path, Data: data, Storage: r.storage,
		MountPoint: "genesys/", MountAccessor: "accessor-1", DisplayName: "token-a", EntityID: "entity-1",
	}
}

func (r *rig) do(operation logical.Operation, path string, data map[string]any) (*logical.Response, error) {
	r.t.Helper()
	return r.backend.HandleRequest(r.t.Context(), r.request(operation, path, data))
}

// call returns what the sidecar was sent for a request that must succeed.
func (r *rig) call(operation logical.Operation, path string, data map[string]any) *pb.Call {
	r.t.Helper()
	if resp, err := r.do(operation, path, data); err != nil || resp.IsError() {
		r.t.Fatalf("%s %s is answered %v, %v", operation, path, resp, err)
	}
	return sidecartest.Receive(r.t, r.calls)
}

func (r *rig) put(key, value string) {
	r.t.Helper()
	if err := r.storage.Put(r.t.Context(), &logical.StorageEntry{Key: key, Value: []byte(value)}); err != nil {
		r.t.Fatal(err)
	}
}

func coded(t *testing.T, err error) int {
	t.Helper()
	var code logical.HTTPCodedError
	if !errors.As(err, &code) {
		t.Fatalf("error %v has no HTTP status", err)
	}
	return code.Code()
}

func asJSON(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatalf("%s is no JSON object: %v", text, err)
	}
	return decoded
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is %#v, want %#v", what, got, want)
	}
}
