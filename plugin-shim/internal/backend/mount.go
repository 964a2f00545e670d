package backend

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecar"
	"genesysvault.dev/plugin-shim/internal/storagecache"
)

// mount is the backend of one mount. What it embeds routes requests to the
// handlers; what it overrides keeps panics in and bad input out.
type mount struct {
	*framework.Backend
	client *sidecar.Client
	// Before every storage that comes with a request.
	kept *storagecache.Cache
	uuid string
	now  func() time.Time
	// The descriptor that the paths were made from.
	engine *descriptor.Descriptor
	// Where storage keeps what lives outside of Vault.
	recordsPrefix   string
	journalPrefixes []string

	mu       sync.Mutex
	path     string
	accessor string
	instance string
	cached   cachedFacts
	session  *sidecar.Session
	closed   bool
	// Whether Vault said so when it was asked last.
	wasTainted bool
	// Revokes that may have been written down so far, and that were since the
	// sidecar last answered.
	journaled, journaledLately uint64
	// Whether the log has the records that may be wiped; only a sidecar makes more.
	named bool
	// When the log was last told that the session is not open; zero for not yet.
	absenceTold time.Time
}

var (
	_ logical.Backend         = (*mount)(nil)
	_ logical.PluginVersioner = (*mount)(nil)
)

func newMount(ctx context.Context, options Options, config *logical.BackendConfig) (*mount, error) {
	m := &mount{uuid: config.BackendUUID, now: options.Now, engine: options.Descriptor, recordsPrefix: options.Descriptor.RecordsPrefix(), journalPrefixes: options.Descriptor.JournalPrefixes()}
	if m.now == nil {
		m.now = time.Now
	}
	m.kept = storagecache.New(storagecache.Options{
		Keys:     options.Descriptor.Cached(),
		Writable: func() bool { return m.systemFacts().writable },
		Now:      m.now,
	})
	m.Backend = options.Descriptor.Backend(descriptor.Handlers{
		Serve: m.serve, Exists: m.exists, Renew: m.renew, Revoke: m.revoke,
	})
	m.RunningVersion = options.Version
	m.PeriodicFunc = m.tick
	if err := m.Setup(ctx, config); err != nil {
		return nil, err
	}
	settings := options.Sidecar
	settings.Version = options.Version
	settings.DescriptorSHA256 = options.Descriptor.SHA256()
	settings.Logger = m.Logger()
	settings.Now = m.now
	client, err := sidecar.Open(settings)
	if err != nil {
		return nil, err
	}
	m.client = client
	return m, nil
}

// host is what a stream of this mount lends to the sidecar.
func (m *mount) host(storage logical.Storage) sidecar.Host {
	return sidecar.Host{Storage: storage, Events: m.Backend, Instance: m.noteInstance, Journaled: m.journalCount}
}

// noteInstance drops what is cached when the sidecar is another one than before.
func (m *mount) noteInstance(id string) {
	m.mu.Lock()
	if id != "" && id != m.instance {
		m.instance = id
		m.cached = cachedFacts{}
	}
	revokes := m.journaledLately
	m.journaledLately, m.named = 0, false
	m.mu.Unlock()
	if revokes > 0 {
		m.Logger().Info("the sidecar answers again and takes over the revokes that were written down", "revokes", revokes)
	}
}

// noteRequest remembers what Vault tells of the mount with requests only.
func (m *mount) noteRequest(req *logical.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	moved := req.MountPoint != "" && req.MountPoint != m.path
	if moved {
		m.path = req.MountPoint
		m.kept.Clear()
	}
	if req.MountAccessor != "" {
		m.accessor = req.MountAccessor
	}
	if moved && m.session != nil {
		m.session.Changed()
	}
}

// attend sees to it that the background session is there, and looks whether
// anything about the mount has changed.
func (m *mount) attend(storage logical.Storage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.closed || storage == nil:
	case m.session == nil:
		m.session = m.client.Attend(m.host(storage), func() *pb.MountFacts { return m.facts(true) })
	default:
		m.session.Changed()
	}
}

// close waits for nothing: Vault holds a lock around it.
func (m *mount) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	if m.session != nil {
		m.session.Close()
	}
	m.client.Close()
	m.kept.Close()
}
