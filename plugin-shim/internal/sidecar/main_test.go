package sidecar

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func TestMain(m *testing.M) {
	sidecartest.Main(m)
}

// open returns a client whose waits are short.
func open(t *testing.T, socket string, change ...func(*Options)) *Client {
	t.Helper()
	target, err := ParseTarget("unix://"+socket, AnyOwnUID)
	if err != nil {
		t.Fatal(err)
	}
	options := Options{
		Target: target, Version: "v0.1.0", DescriptorSHA256: []byte("hash"),
		Budget: 10 * time.Second, FirstRetry: time.Millisecond, LongestRetry: 20 * time.Millisecond, AfterTakeover: time.Hour,
	}
	for _, each := range change {
		each(&options)
	}
	c, err := Open(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func budget(length time.Duration) func(*Options) {
	return func(o *Options) { o.Budget = length }
}

func call(operation pb.Operation) *pb.Call {
	return &pb.Call{Operation: operation, Mount: &pb.MountFacts{Uuid: "mount", Writable: true}}
}

func read() *pb.Call {
	return call(pb.Operation_OPERATION_READ)
}

// ask has the sidecar do one op, and returns the shim's answer to it.
func ask(t *testing.T, op *pb.StorageOp, c *pb.Call, host Host) *pb.StorageReply {
	t.Helper()
	replies := make(chan *pb.StorageReply, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		reply, err := s.Ask(op)
		if err != nil {
			return err
		}
		replies <- reply
		return s.Result(sidecartest.Nothing())
	}}).Start(t, socket)
	if _, err := open(t, socket).Serve(t.Context(), c, host); err != nil {
		t.Fatal(err)
	}
	return sidecartest.Receive(t, replies)
}

// hooked is a storage whose every op does something first.
type hooked struct {
	logical.InmemStorage
	before func(ctx context.Context) error
}

func (h *hooked) Get(ctx context.Context, key string) (*logical.StorageEntry, error) {
	if err := h.before(ctx); err != nil {
		return nil, err
	}
	return h.InmemStorage.Get(ctx, key)
}

func (h *hooked) Put(ctx context.Context, entry *logical.StorageEntry) error {
	if err := h.before(ctx); err != nil {
		return err
	}
	return h.InmemStorage.Put(ctx, entry)
}

func (h *hooked) Delete(ctx context.Context, key string) error {
	if err := h.before(ctx); err != nil {
		return err
	}
	return h.InmemStorage.Delete(ctx, key)
}

func (h *hooked) List(ctx context.Context, prefix string) ([]string, error) {
	if err := h.before(ctx); err != nil {
		return nil, err
	}
	return h.InmemStorage.List(ctx, prefix)
}

func failing(text string) *hooked {
	return &hooked{before: func(context.Context) error { return errors.New(text) }}
}

// coded returns the HTTP status that Vault will answer with.
func coded(t *testing.T, err error) int {
	t.Helper()
	var code logical.HTTPCodedError
	if !errors.As(err, &code) {
		t.Fatalf("error %v has no HTTP status", err)
	}
	return code.Code()
}

// asPeer has every socket belong to another user.
func asPeer(t *testing.T, uid int) {
	t.Helper()
	was := readPeerUID
	readPeerUID = func(*net.UnixConn) (int, error) { return uid, nil }
	t.Cleanup(func() { readPeerUID = was })
}

func otherUID() int {
	return os.Geteuid() + 4711
}

type mailbox[T any] struct {
	mu  sync.Mutex
	all []T
}

func (m *mailbox[T]) add(value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = append(m.all, value)
}

func (m *mailbox[T]) len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.all)
}
