package sidecar

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func dialSelf(t *testing.T) *net.UnixConn {
	t.Helper()
	socket := sidecartest.Socket(t)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	conn, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.(*net.UnixConn)
}

func filled(t *testing.T) *logical.InmemStorage {
	t.Helper()
	storage := &logical.InmemStorage{}
	for key, value := range map[string]string{"a": "1", "folder/b": "2", "folder/c/d": "3", "empty": ""} {
		if err := storage.Put(t.Context(), &logical.StorageEntry{Key: key, Value: []byte(value)}); err != nil {
			t.Fatal(err)
		}
	}
	return storage
}

func TestStorageOpsReachTheMountsStorage(t *testing.T) {
	storage := filled(t)
	host := Host{Storage: storage}
	if got := ask(t, sidecartest.Get("a"), read(), host).GetEntry(); got.GetKey() != "a" || string(got.GetValue()) != "1" {
		t.Errorf("get answers %v", got)
	}
	if got := ask(t, sidecartest.Get("none"), read(), host).GetEntry(); got == nil || got.Value != nil {
		t.Errorf("get of a missing key answers %v, want an entry without a value", got)
	}
	if got := ask(t, sidecartest.Get("empty"), read(), host).GetEntry(); got == nil || got.Value == nil {
		t.Errorf("get of an empty value answers %v, want an entry with a value", got)
	}
	if got := ask(t, sidecartest.List("folder/"), read(), host).GetKeys().GetNames(); strings.Join(got, " ") != "b c/" {
		t.Errorf("list answers %v", got)
	}
	if got := ask(t, sidecartest.List(""), read(), host).GetKeys().GetNames(); strings.Join(got, " ") != "a empty folder/" {
		t.Errorf("list of all answers %v", got)
	}
	if got := ask(t, sidecartest.Put("e", "5"), read(), host); got.GetDone() == nil {
		t.Errorf("put answers %v", got)
	}
	if got := ask(t, sidecartest.Delete("a"), read(), host); got.GetDone() == nil {
		t.Errorf("delete answers %v", got)
	}
	if e, _ := storage.Get(t.Context(), "e"); e == nil || string(e.Value) != "5" {
		t.Errorf("put stored %v", e)
	}
	if a, _ := storage.Get(t.Context(), "a"); a != nil {
		t.Error("delete left the entry")
	}
}

func TestAPutIsWrittenOnlyWhileItsConditionHolds(t *testing.T) {
	storage := filled(t)
	host := Host{Storage: storage}
	bring := func(key string) *pb.StorageEntry {
		entry, err := storage.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return Prefetched(key, entry)
	}
	if gone := bring("none"); gone.Tag != nil {
		t.Errorf("what is not there has the tag %x", gone.GetTag())
	}
	put := func(key string, seen *pb.StorageEntry) *pb.StorageReply {
		op := sidecartest.Put(key, "new")
		op.GetPut().Condition = &pb.StorageOp_Condition{Key: seen.GetKey(), Tag: seen.GetTag()}
		return ask(t, op, read(), host)
	}
	written := func(key string) bool {
		entry, err := storage.Get(t.Context(), key)
		return err == nil && entry != nil
	}

	a := bring("a")
	if got := put("first", a); got.GetDone() == nil || !written("first") {
		t.Errorf("the condition holds, and put answers %v", got)
	}
	for name, change := range map[string]func() error{
		"another value": func() error { return storage.Put(t.Context(), &logical.StorageEntry{Key: "a", Value: []byte("2")}) },
		"no entry":      func() error { return storage.Delete(t.Context(), "a") },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if got := put("second", a); got.GetChanged() == nil || written("second") {
			t.Errorf("%s: put answers %v", name, got)
		}
	}
	if got := put("second", bring("empty")); got.GetDone() == nil {
		t.Errorf("an empty value is one as well, and put answers %v", got)
	}
}

func TestStorageFailuresAreSortedForTheSidecar(t *testing.T) {
	panics := &hooked{before: func(context.Context) error { panic("value of the storage") }}
	faults := []struct {
		name    string
		storage logical.Storage
		kind    pb.StorageReply_Failure_Kind
		message string
	}{
		{"broken", failing("disk is gone"), pb.StorageReply_Failure_KIND_OTHER, "disk is gone"},
		{"read only", failing("rpc error: cannot write to readonly storage"), pb.StorageReply_Failure_KIND_READ_ONLY, "readonly"},
		{"not active", failing("node is not the leader"), pb.StorageReply_Failure_KIND_NOT_ACTIVE, "not the leader"},
		{"sealed", failing(consts.ErrSealed.Error()), pb.StorageReply_Failure_KIND_NOT_ACTIVE, "sealed"},
		{"setup", failing(logical.ErrSetupReadOnly.Error()), pb.StorageReply_Failure_KIND_SETUP, "during setup"},
		{"panicking", panics, pb.StorageReply_Failure_KIND_OTHER, "the plugin met a bug"},
		{"missing", nil, pb.StorageReply_Failure_KIND_SETUP, "no storage yet"},
	}
	conditional := sidecartest.Put("a", "1")
	conditional.GetPut().Condition = &pb.StorageOp_Condition{Key: "b"}
	ops := map[string]*pb.StorageOp{
		"conditional put": conditional,
		"get":             sidecartest.Get("a"), "put": sidecartest.Put("a", "1"), "delete": sidecartest.Delete("a"), "list": sidecartest.List("a/"),
		"get_many": sidecartest.GetMany("a", "b"),
	}
	for _, fault := range faults {
		for verb, op := range ops {
			t.Run(fault.name+" "+verb, func(t *testing.T) {
				got := ask(t, op, read(), Host{Storage: fault.storage}).GetFailure()
				if got.GetKind() != fault.kind || !strings.Contains(got.GetMessage(), fault.message) {
					t.Errorf("failure is %v, want %s with %q", got, fault.kind, fault.message)
				}
				if strings.Contains(got.GetMessage(), "value of the storage") {
					t.Error("the failure shows what a panic said")
				}
			})
		}
	}
}

func TestANodeThatMayNotWriteReadsOnly(t *testing.T) {
	storage := filled(t)
	standby := read()
	standby.Mount.Writable = false
	for _, op := range []*pb.StorageOp{sidecartest.Put("a", "2"), sidecartest.Delete("a")} {
		if got := ask(t, op, standby, Host{Storage: storage}).GetFailure(); got.GetKind() != pb.StorageReply_Failure_KIND_READ_ONLY {
			t.Errorf("failure is %v", got)
		}
	}
	if got := ask(t, sidecartest.Get("a"), standby, Host{Storage: storage}).GetEntry(); string(got.GetValue()) != "1" {
		t.Errorf("entry is %v, want it untouched", got)
	}
}

func TestOpsThatBreakTheRulesAreRefused(t *testing.T) {
	climbing := sidecartest.Put("a", "1")
	climbing.GetPut().Condition = &pb.StorageOp_Condition{Key: "../b"}
	for name, op := range map[string]*pb.StorageOp{
		"climbing condition": climbing, "no op": {}, "get of nothing": sidecartest.Get(""), "get of a folder": sidecartest.Get("a/"),
		"absolute get": sidecartest.Get("/a"), "climbing put": sidecartest.Put("a/../../b", "1"),
		"absolute delete": sidecartest.Delete("/a"), "list without slash": sidecartest.List("a"),
		"climbing list": sidecartest.List("../"), "absolute list": sidecartest.List("/"),
		"get_many of nothing": sidecartest.GetMany(), "get_many with a folder": sidecartest.GetMany("a", "folder/"),
		"get_many of too many": sidecartest.GetMany(slices.Repeat([]string{"a"}, 65)...),
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(t, op, read(), Host{Storage: filled(t)}).GetFailure(); got.GetKind() != pb.StorageReply_Failure_KIND_REFUSED {
				t.Errorf("failure is %v", got)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	var w window
	for id := uint64(mostInFlight); id >= 1; id-- {
		if refusal := w.enter(id); refusal != "" {
			t.Fatalf("op %d is refused: %s", id, refusal)
		}
	}
	if len(w.beyond) != 0 {
		t.Errorf("%d ids are remembered though none is missing", len(w.beyond))
	}
	if got := w.enter(mostInFlight + 1); got != "too many ops are in flight" {
		t.Errorf("one op too many: %q", got)
	}
	w.leave()
	if got := w.enter(mostInFlight + 1); got != "an op of this id came before" {
		t.Errorf("an id again, after a refusal: %q", got)
	}
	if got := w.enter(3); got != "an op of this id came before" {
		t.Errorf("an old id: %q", got)
	}
	if got := w.enter(0); got != "op ids are counted from 1" {
		t.Errorf("op 0: %q", got)
	}
	if got := w.enter(mostInFlight + 2); got != "" {
		t.Errorf("the next op is refused: %q", got)
	}
	for id := uint64(100); len(w.beyond) < mostGaps; id++ {
		w.enter(id)
	}
	if got := w.enter(1 << 40); got != "op ids have gaps" {
		t.Errorf("an id far ahead: %q", got)
	}
}

func TestSixteenOpsRunAtOnceAndNoMore(t *testing.T) {
	entered := make(chan struct{}, mostInFlight)
	release := make(chan struct{})
	storage := &hooked{before: func(context.Context) error {
		entered <- struct{}{}
		<-release
		return nil
	}}
	replies := make(chan *pb.StorageReply, mostInFlight+1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		for id := uint64(1); id <= mostInFlight+1; id++ {
			op := sidecartest.Get("a")
			op.OpId = id
			if err := s.Send(&pb.SidecarFrame{Frame: &pb.SidecarFrame_StorageOp{StorageOp: op}}); err != nil {
				return err
			}
		}
		for range mostInFlight + 1 {
			frame, err := s.Receive()
			if err != nil {
				return err
			}
			replies <- frame.GetStorageReply()
		}
		return s.Result(sidecartest.Nothing())
	}}).Start(t, socket)
	ended := make(chan error, 1)
	go func() {
		_, err := open(t, socket).Serve(context.Background(), read(), Host{Storage: storage})
		ended <- err
	}()
	for range mostInFlight {
		sidecartest.Receive(t, entered)
	}
	first := sidecartest.Receive(t, replies)
	if first.GetOpId() != mostInFlight+1 || first.GetFailure().GetKind() != pb.StorageReply_Failure_KIND_REFUSED {
		t.Errorf("while all are held, the answer is %v", first)
	}
	close(release)
	for range mostInFlight {
		if reply := sidecartest.Receive(t, replies); reply.GetEntry() == nil {
			t.Errorf("an op within the window is answered %v", reply)
		}
	}
	if err := sidecartest.Receive(t, ended); err != nil {
		t.Fatal(err)
	}
}

type bus struct {
	err  error
	seen mailbox[string]
	ids  mailbox[string]
}

func (b *bus) SendEvent(_ context.Context, kind logical.EventType, event *logical.EventData) error {
	// fmt sorts the keys of a map.
	b.seen.add(fmt.Sprint(string(kind), " ", event.Metadata.AsMap()))
	b.ids.add(event.Id)
	return b.err
}

func TestEvents(t *testing.T) {
	event := &pb.SystemOp{OpId: 1, Op: &pb.SystemOp_SendEvent_{SendEvent: &pb.SystemOp_SendEvent{
		EventType: "x/overdue", Metadata: map[string]string{"role": "demo", "path": "static-roles/demo"}}}}
	cases := []struct {
		name        string
		events      logical.EventSender
		op          *pb.SystemOp
		done        bool
		unsupported bool
	}{
		{"sent", &bus{}, event, true, false},
		{"failed", &bus{err: errors.New("bus is gone")}, event, false, false},
		{"unimplemented", &bus{err: status.Error(codes.Unimplemented, "none")}, event, false, true},
		{"not configured", &bus{err: framework.ErrNoEvents}, event, false, true},
		{"no bus", nil, event, false, true},
		{"an op of tomorrow", &bus{}, &pb.SystemOp{OpId: 1}, false, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			replies := make(chan *pb.SystemReply, 2)
			socket := sidecartest.Socket(t)
			(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
				for range 2 {
					if err := s.Send(&pb.SidecarFrame{Frame: &pb.SidecarFrame_SystemOp{SystemOp: c.op}}); err != nil {
						return err
					}
					frame, err := s.Receive()
					if err != nil {
						return err
					}
					replies <- frame.GetSystemReply()
				}
				return s.Result(sidecartest.Nothing())
			}}).Start(t, socket)
			if _, err := open(t, socket).Serve(t.Context(), read(), Host{Events: c.events}); err != nil {
				t.Fatal(err)
			}
			reply := sidecartest.Receive(t, replies)
			if (reply.GetDone() != nil) != c.done || reply.GetFailure().GetUnsupported() != c.unsupported {
				t.Errorf("reply is %v", reply)
			}
			if again := sidecartest.Receive(t, replies); again.GetFailure().GetMessage() != "an op of this id came before" {
				t.Errorf("the same id again is answered %v", again)
			}
			if b, isBus := c.events.(*bus); isBus && c.done && b.seen.all[0] != "x/overdue map[path:static-roles/demo role:demo]" {
				t.Errorf("the bus saw %v", b.seen.all)
			}
		})
	}
}

func TestEveryEventHasAnIDOfItsOwn(t *testing.T) {
	b := &bus{}
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		for range 2 {
			if err := s.SendEvent("x/overdue", nil); err != nil {
				return err
			}
		}
		return s.Result(sidecartest.Nothing())
	}}).Start(t, socket)
	if _, err := open(t, socket).Serve(t.Context(), read(), Host{Events: b}); err != nil {
		t.Fatal(err)
	}
	if strings.Join(b.seen.all, ", ") != "x/overdue map[], x/overdue map[]" {
		t.Errorf("the bus saw %v", b.seen.all)
	}
	if b.ids.all[0] == "" || b.ids.all[0] == b.ids.all[1] {
		t.Errorf("the events have the ids %v", b.ids.all)
	}
}
