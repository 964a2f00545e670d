package backend

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/storagefault"
)

// watched is the mount's storage as one request, or the session, has it: what
// fails since the node is not active any more is told to the mount at once.
type watched struct {
	logical.Storage
	mount *mount
	lost  atomic.Bool
}

// watch returns the storage behind the mount's cache; nil for nil.
func (m *mount) watch(storage logical.Storage) *watched {
	if storage == nil {
		return nil
	}
	return &watched{Storage: m.kept.Over(storage), mount: m}
}

func (w *watched) List(ctx context.Context, prefix string) ([]string, error) {
	names, err := w.Storage.List(ctx, prefix)
	return names, w.seen(err)
}

func (w *watched) Get(ctx context.Context, key string) (*logical.StorageEntry, error) {
	entry, err := w.Storage.Get(ctx, key)
	return entry, w.seen(err)
}

func (w *watched) Put(ctx context.Context, entry *logical.StorageEntry) error {
	return w.seen(w.Storage.Put(ctx, entry))
}

func (w *watched) Delete(ctx context.Context, key string) error {
	return w.seen(w.Storage.Delete(ctx, key))
}

func (w *watched) seen(err error) error {
	if storagefault.Of(err) == storagefault.NotActive {
		w.lost.Store(true)
		w.mount.notActive(err)
	}
	return err
}

// notActive forgets what is known of a node that was active: what storage held,
// that it may be written to, and a session that has nothing to act on any more.
func (m *mount) notActive(why error) {
	m.kept.Clear()
	m.mu.Lock()
	m.cached = cachedFacts{}
	session := m.session
	m.mu.Unlock()
	if session != nil {
		session.GiveUp("this node is not active any more: " + why.Error())
	}
}

// askedAgain is the error of a lease's operation in whose midst the node lost its
// right to write. Vault calls every other error of such an operation a mistake of
// its caller, 400, that has not these words in it, and whoever asks does not ask
// again after that.
func askedAgain(err error) error {
	return logical.CodedError(http.StatusServiceUnavailable, fmt.Sprintf("%s: %s", logical.ErrReadOnly, err))
}
