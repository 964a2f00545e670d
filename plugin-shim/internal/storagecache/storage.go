package storagecache

import (
	"context"

	"github.com/hashicorp/vault/sdk/logical"
)

// Over returns the mount's storage with the cache before it; nil for nil. Every
// write to the keys that are kept must pass through it. What is read belongs to
// its reader. Lists are always Vault's.
func (c *Cache) Over(storage logical.Storage) logical.Storage {
	if storage == nil {
		return nil
	}
	return cached{cache: c, storage: storage}
}

type cached struct {
	cache   *Cache
	storage logical.Storage
}

var _ logical.Storage = cached{}

func (s cached) List(ctx context.Context, prefix string) ([]string, error) {
	return s.storage.List(ctx, prefix)
}

func (s cached) Get(ctx context.Context, key string) (entry *logical.StorageEntry, err error) {
	if !s.cache.marked(key) || !s.cache.writable() {
		return s.storage.Get(ctx, key)
	}
	held, known, begun := s.cache.beginRead(key)
	if known {
		return held, nil
	}
	sure := false
	defer func() { s.cache.endRead(key, begun, entry, sure) }()
	entry, err = s.storage.Get(ctx, key)
	sure = err == nil && s.cache.writable()
	return entry, err
}

func (s cached) Put(ctx context.Context, entry *logical.StorageEntry) error {
	return s.write(entry.Key, entry, func() error { return s.storage.Put(ctx, entry) })
}

func (s cached) Delete(ctx context.Context, key string) error {
	return s.write(key, nil, func() error { return s.storage.Delete(ctx, key) })
}

// write has an entry written, nil for a deleted one.
func (s cached) write(key string, entry *logical.StorageEntry, act func() error) error {
	if !s.cache.marked(key) {
		return act()
	}
	begun := s.cache.beginWrite(key)
	succeeded, sure := false, false
	defer func() { s.cache.endWrite(key, begun, entry, succeeded, sure) }()
	err := act()
	succeeded = err == nil
	sure = succeeded && s.cache.writable()
	return err
}
