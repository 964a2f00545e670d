package storagecache

import (
	"math"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/hashicorp/vault/sdk/logical"
)

const (
	// What an entry costs beside its key and its value, about.
	entryOverhead = 256
	// Writes of the mount's former backend may still arrive for as long.
	settling = 5 * time.Second
	// A write that failed may still arrive for as long.
	doubt = time.Minute
	// Beyond it, all keys are in doubt.
	mostDoubtful = 1024
)

// Options says what a cache keeps. Zero values stand for what is named here.
type Options struct {
	// The keys whose entries are kept: exact, or prefixes where they end in a slash.
	Keys []string
	// Whether this node may write to the mount's storage; asked by each operation
	// on such a key, without a lock.
	Writable func() bool
	// The clock. Nil: the system's.
	Now func() time.Time
	// What all entries come to, in bytes. Zero: 16 MiB.
	MostBytes int
	// The largest value that is kept, in bytes. Zero: 256 KiB.
	LargestValue int
}

// Cache holds entries of one mount's storage, their absence included. It keeps
// nothing of what it is not sure of: nothing while the node may not write, no read
// that a write or an invalidation overtook, no write that failed or that another
// one of the same key overlapped, nothing in its first five seconds. The entries
// that were used last stay.
type Cache struct {
	options Options
	exact   map[string]bool
	prefix  []string

	mu     sync.Mutex
	closed bool
	kept   *simplelru.LRU[string, kept]
	bytes  int
	// The keys that are being read or written.
	flights map[string]*flight
	// Until when nothing is kept of a key, and of any.
	doubtful map[string]time.Time
	doubted  time.Time
}

// kept is an entry, or that there is none.
type kept struct {
	present bool
	value   []byte
	size    int
}

// flight is what happens to one key at the moment.
type flight struct {
	readers, writers int
	// Counts the beginnings and ends of writes, and what is dropped.
	changes uint64
}

// New returns an empty cache.
func New(options Options) *Cache {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.MostBytes == 0 {
		options.MostBytes = 16 << 20
	}
	if options.LargestValue == 0 {
		options.LargestValue = 256 << 10
	}
	c := &Cache{options: options, exact: map[string]bool{}, flights: map[string]*flight{}, doubtful: map[string]time.Time{}}
	for _, key := range options.Keys {
		if strings.HasSuffix(key, "/") {
			c.prefix = append(c.prefix, key)
		} else {
			c.exact[key] = true
		}
	}
	// Bytes are the bound. No error: the size is positive.
	c.kept, _ = simplelru.NewLRU(math.MaxInt, c.wipe)
	c.doubted = options.Now().Add(settling)
	return c
}

// Drop forgets one key, which somebody else has changed.
func (c *Cache) Drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(key)
}

// Clear forgets everything.
func (c *Cache) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clear()
}

// Close forgets everything, and keeps nothing any more. What passes through the
// cache goes on to storage.
func (c *Cache) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.clear()
}

func (c *Cache) marked(key string) bool {
	if c.exact[key] {
		return true
	}
	for _, prefix := range c.prefix {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// writable also forgets everything where the answer is no. It is called without
// the lock, since the answer may be a question to Vault.
func (c *Cache) writable() bool {
	if c.options.Writable() {
		return true
	}
	c.Clear()
	return false
}

// beginRead returns what is kept of a key; or known is false, and the read is to
// end with endRead and the number that it is given here.
func (c *Cache) beginRead(key string) (entry *logical.StorageEntry, known bool, begun uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if held, ok := c.kept.Get(key); ok {
		if !held.present {
			return nil, true, 0
		}
		return &logical.StorageEntry{Key: key, Value: copied(held.value)}, true, 0
	}
	f := c.flight(key)
	f.readers++
	return nil, false, c.number(key, f)
}

// neverAgain is a number of changes that nothing comes to.
const neverAgain = math.MaxUint64

// number tells by itself whether something happened to a key since: what begins
// while the key is in doubt may meet a write that arrives late.
func (c *Cache) number(key string, f *flight) uint64 {
	if c.inDoubt(key) {
		return neverAgain
	}
	return f.changes
}

func (c *Cache) endRead(key string, begun uint64, entry *logical.StorageEntry, sure bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.flights[key]
	if sure && f.writers == 0 && f.changes == begun {
		c.keep(key, entry)
	}
	f.readers--
	c.land(key, f)
}

// beginWrite returns the number with which the write is to end.
func (c *Cache) beginWrite(key string) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.flight(key)
	f.writers++
	c.drop(key)
	return c.number(key, f)
}

// endWrite keeps what was written where nothing else happened to the key
// meanwhile; a nil entry was deleted.
func (c *Cache) endWrite(key string, begun uint64, entry *logical.StorageEntry, succeeded, sure bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.flights[key]
	alone := f.writers == 1 && f.changes == begun
	c.drop(key)
	if !succeeded {
		c.suspect(key)
	}
	if succeeded && sure && alone {
		c.keep(key, entry)
	}
	f.writers--
	c.land(key, f)
}

func (c *Cache) flight(key string) *flight {
	f := c.flights[key]
	if f == nil {
		f = &flight{}
		c.flights[key] = f
	}
	return f
}

func (c *Cache) land(key string, f *flight) {
	if f.readers == 0 && f.writers == 0 {
		delete(c.flights, key)
	}
}

func (c *Cache) drop(key string) {
	c.kept.Remove(key)
	if f := c.flights[key]; f != nil {
		f.changes++
	}
}

func (c *Cache) clear() {
	c.kept.Purge()
	for _, f := range c.flights {
		f.changes++
	}
}

// suspect has nothing kept of a key for a while: a write that failed may have
// happened, and may happen yet.
func (c *Cache) suspect(key string) {
	until := c.options.Now().Add(doubt)
	if _, known := c.doubtful[key]; !known && len(c.doubtful) == mostDoubtful {
		clear(c.doubtful)
		c.doubted = until
		c.clear()
		return
	}
	c.doubtful[key] = until
}

func (c *Cache) inDoubt(key string) bool {
	now := c.options.Now()
	if now.Before(c.doubted) {
		return true
	}
	until, known := c.doubtful[key]
	if known && !now.Before(until) {
		delete(c.doubtful, key)
		known = false
	}
	return known
}

func (c *Cache) keep(key string, entry *logical.StorageEntry) {
	if c.closed || c.inDoubt(key) {
		return
	}
	held := kept{size: len(key) + entryOverhead}
	if entry != nil {
		if len(entry.Value) > c.options.LargestValue {
			return
		}
		held.present, held.value = true, copied(entry.Value)
		held.size += len(entry.Value)
	}
	// Adding would not wipe what is replaced.
	c.kept.Remove(key)
	c.kept.Add(key, held)
	c.bytes += held.size
	for c.bytes > c.options.MostBytes {
		c.kept.RemoveOldest()
	}
}

// wipe is told of each entry that is kept no longer. Nobody else has its bytes.
func (c *Cache) wipe(_ string, held kept) {
	c.bytes -= held.size
	clear(held.value)
}

// copied never returns nil, which would be another entry to some.
func copied(value []byte) []byte {
	return append(make([]byte, 0, len(value)), value...)
}
