package sidecar

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"google.golang.org/protobuf/proto"

	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	// Of the contract.
	mostKeys = 64
	// Entries of one op that are read at once: each is a round trip to Vault.
	readers = 8
	// Of the contract: what the entries of one answer come to, but for a first one
	// that is larger.
	mostEntryBytes = 1 << 20
	// The frame around an entry is smaller than the difference.
	largestEntry = largestMessage - 64<<10
)

func (l *lent) getMany(keys []string, reply *pb.StorageReply) error {
	switch {
	case len(keys) == 0 || len(keys) > mostKeys:
		fail(reply, pb.StorageReply_Failure_KIND_REFUSED, "get_many takes 1 to 64 keys")
		return nil
	case slices.ContainsFunc(keys, func(key string) bool { return !relative(key) }):
		fail(reply, pb.StorageReply_Failure_KIND_REFUSED, badKey)
		return nil
	}
	entries, err := l.readAll(keys)
	if err != nil {
		return err
	}
	if tooLarge(entries[0], reply) {
		return nil
	}
	reply.Reply = &pb.StorageReply_Entries_{Entries: &pb.StorageReply_Entries{Entries: fitting(entries)}}
	return nil
}

// tooLarge fails the op where an entry has no room in a message.
func tooLarge(entry *pb.StorageEntry, reply *pb.StorageReply) bool {
	size := len(entry.GetValue())
	if size <= largestEntry {
		return false
	}
	fail(reply, pb.StorageReply_Failure_KIND_TOO_LARGE, fmt.Sprintf("the entry has %d bytes; at most %d can be read", size, largestEntry))
	return true
}

// readAll reads the first keys, as many as an answer has room for and some more,
// or returns the first error that it meets. What a reader panics with, it panics
// with itself: guarded is to see it.
func (l *lent) readAll(keys []string) ([]*pb.StorageEntry, error) {
	var (
		entries = make([]*pb.StorageEntry, len(keys))
		next    atomic.Int32
		size    atomic.Int64
		working sync.WaitGroup
		mu      sync.Mutex
		failure error
		thrown  any
	)
	stop := func(err error, panicked any) {
		mu.Lock()
		defer mu.Unlock()
		if failure == nil && thrown == nil {
			failure, thrown = err, panicked
		}
		next.Store(int32(len(keys)))
	}
	for range min(readers, len(keys)) {
		working.Go(func() {
			defer func() {
				if panicked := recover(); panicked != nil {
					stop(nil, panicked)
				}
			}()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(keys) {
					return
				}
				entry, err := l.host.Storage.Get(l.ctx, keys[i])
				if err != nil {
					stop(err, nil)
					return
				}
				entries[i] = Entry(keys[i], entry)
				if size.Add(int64(proto.Size(entries[i]))) > mostEntryBytes {
					return
				}
			}
		})
	}
	working.Wait()
	if thrown != nil {
		panic(thrown)
	}
	return entries, failure
}

// fitting returns the first entry and those after it that were read and fit into
// one answer.
func fitting(entries []*pb.StorageEntry) []*pb.StorageEntry {
	size := 0
	for i, entry := range entries {
		size += proto.Size(entry)
		if i > 0 && (entry == nil || size > mostEntryBytes) {
			return entries[:i]
		}
	}
	return entries
}
