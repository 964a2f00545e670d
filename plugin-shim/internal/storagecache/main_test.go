package storagecache

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
)

// counting is a storage that counts what reaches it, and does what a test hooks
// into it before and after it acts.
type counting struct {
	logical.InmemStorage
	reads, writes, lists atomic.Int32

	mu            sync.Mutex
	before, after func() error
}

func (s *counting) hook(before, after func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

func (s *counting) around(act func() error) error {
	s.mu.Lock()
	before, after := s.before, s.after
	s.mu.Unlock()
	if before != nil {
		if err := before(); err != nil {
			return err
		}
	}
	if err := act(); err != nil || after == nil {
		return err
	}
	return after()
}

func (s *counting) Get(ctx context.Context, key string) (entry *logical.StorageEntry, err error) {
	s.reads.Add(1)
	err = s.around(func() error {
		var failed error
		entry, failed = s.InmemStorage.Get(ctx, key)
		return failed
	})
	return entry, err
}

func (s *counting) Put(ctx context.Context, entry *logical.StorageEntry) error {
	s.writes.Add(1)
	return s.around(func() error { return s.InmemStorage.Put(ctx, entry) })
}

func (s *counting) Delete(ctx context.Context, key string) error {
	s.writes.Add(1)
	return s.around(func() error { return s.InmemStorage.Delete(ctx, key) })
}

func (s *counting) List(ctx context.Context, prefix string) ([]string, error) {
	s.lists.Add(1)
	return s.InmemStorage.List(ctx, prefix)
}

// rig is a cache that has settled, before a storage, on a node that may write.
type rig struct {
	t        *testing.T
	cache    *Cache
	below    *counting
	storage  logical.Storage
	writable atomic.Bool
	clock    atomic.Int64
}

func newRig(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	r := &rig{t: t, below: &counting{}}
	r.writable.Store(true)
	options := Options{
		Keys:     []string{"config", "roles/"},
		Writable: r.writable.Load,
		Now:      func() time.Time { return time.Unix(r.clock.Load(), 0) },
	}
	for _, each := range change {
		each(&options)
	}
	r.cache = New(options)
	r.storage = r.cache.Over(r.below)
	r.passes(settling)
	return r
}

func (r *rig) passes(time time.Duration) {
	r.clock.Add(int64(time.Seconds()))
}

func (r *rig) put(key, value string) error {
	return r.storage.Put(r.t.Context(), &logical.StorageEntry{Key: key, Value: []byte(value)})
}

func (r *rig) wrote(key, value string) {
	r.t.Helper()
	if err := r.put(key, value); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) deleted(key string) {
	r.t.Helper()
	if err := r.storage.Delete(r.t.Context(), key); err != nil {
		r.t.Fatal(err)
	}
}

// behind changes an entry as somebody else does.
func (r *rig) behind(key, value string) {
	r.t.Helper()
	if err := r.below.InmemStorage.Put(r.t.Context(), &logical.StorageEntry{Key: key, Value: []byte(value)}); err != nil {
		r.t.Fatal(err)
	}
}

const absent = "no entry"

// reads wants a value, read from storage or not.
func (r *rig) reads(key, want string, fromStorage bool) {
	r.t.Helper()
	before := r.below.reads.Load()
	entry, err := r.storage.Get(r.t.Context(), key)
	got := absent
	if entry != nil {
		got = string(entry.Value)
	}
	if err != nil || got != want {
		r.t.Errorf("%s is %q, %v; want %q", key, got, err, want)
	}
	if asked := r.below.reads.Load() != before; asked != fromStorage {
		r.t.Errorf("storage is asked for %s: %t, want %t", key, asked, fromStorage)
	}
}

func (r *rig) kept(key, want string) {
	r.t.Helper()
	r.reads(key, want, false)
}

func (r *rig) notKept(key, want string) {
	r.t.Helper()
	r.reads(key, want, true)
}
