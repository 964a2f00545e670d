package sidecar

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// truth is what Vault knows of a mount.
type truth struct {
	mu    sync.Mutex
	facts *pb.MountFacts
	panic bool
}

func known(writable bool) *truth {
	return &truth{facts: &pb.MountFacts{Uuid: "mount", Path: "a/", Writable: writable, Tainted: proto.Bool(false)}}
}

func (k *truth) ask() *pb.MountFacts {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.panic {
		k.panic = false
		panic("no view")
	}
	return proto.Clone(k.facts).(*pb.MountFacts)
}

func (k *truth) change(how func(*pb.MountFacts)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	how(k.facts)
}

// attending hands each session over, and holds it until the shim ends it.
func attending(sessions chan<- *sidecartest.Stream) func(*sidecartest.Stream) error {
	return func(s *sidecartest.Stream) error {
		offer(sessions, s)
		<-s.Done()
		return nil
	}
}

func offer(sessions chan<- *sidecartest.Stream, s *sidecartest.Stream) {
	select {
	case sessions <- s:
	case <-s.Done():
	}
}

func attend(t *testing.T, c *Client, k *truth) *Session {
	t.Helper()
	s := c.Attend(Host{Storage: filled(t)}, k.ask)
	t.Cleanup(s.Close)
	return s
}

func TestASessionLendsStorageUntilItIsClosed(t *testing.T) {
	calls, replies, ended := make(chan *pb.Call, 1), make(chan *pb.StorageReply, 2), make(chan struct{})
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
		calls <- s.Call
		for _, op := range []*pb.StorageOp{sidecartest.Get("a"), sidecartest.Put("b", "2")} {
			reply, err := s.Ask(op)
			if err != nil {
				return err
			}
			replies <- reply
		}
		<-s.Done()
		close(ended)
		return nil
	}}).Start(t, socket)
	session := attend(t, open(t, socket), known(true))
	got := sidecartest.Receive(t, calls)
	if got.GetOperation() != pb.Operation_OPERATION_ATTEND || got.GetMount().GetUuid() != "mount" || got.GetProtocolVersion() != 1 || got.GetRequestId() != "" {
		t.Errorf("call is %v", got)
	}
	if reply := sidecartest.Receive(t, replies); string(reply.GetEntry().GetValue()) != "1" {
		t.Errorf("get answers %v", reply)
	}
	if reply := sidecartest.Receive(t, replies); reply.GetDone() == nil {
		t.Errorf("put answers %v", reply)
	}
	session.Close()
	sidecartest.Receive(t, ended)
}

func TestASessionIsOpenedAgain(t *testing.T) {
	sessions := make(chan *sidecartest.Stream, 1)
	socket := sidecartest.Socket(t)
	attend(t, open(t, socket), known(true))
	for range 3 {
		fake := (&sidecartest.Sidecar{OnAttend: attending(sessions)}).Start(t, socket)
		sidecartest.Receive(t, sessions)
		fake.Stop()
	}
}

func TestASessionThatTheSidecarEndsIsOpenedAgain(t *testing.T) {
	for _, end := range []error{nil, status.Error(codes.Internal, "bug"), status.Error(codes.FailedPrecondition, "other paths")} {
		sessions := make(chan *sidecartest.Stream, 1)
		socket := sidecartest.Socket(t)
		(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
			offer(sessions, s)
			return end
		}}).Start(t, socket)
		attend(t, open(t, socket), known(true))
		sidecartest.Receive(t, sessions)
		sidecartest.Receive(t, sessions)
	}
}

func TestOneReasonIsLoggedOnce(t *testing.T) {
	var log mailbox[string]
	sessions := make(chan *sidecartest.Stream)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
		offer(sessions, s)
		return status.Error(codes.FailedPrecondition, "other paths")
	}}).Start(t, socket)
	c := open(t, socket, func(o *Options) {
		o.LongestRetry = time.Hour
		o.Logger = hclog.New(&hclog.LoggerOptions{Output: lines{&log}})
	})
	session := attend(t, c, known(true))
	for range 5 {
		sidecartest.Receive(t, sessions)
	}
	session.Close()
	if log.len() != 1 || !strings.Contains(log.all[0], "other paths") {
		t.Errorf("the log is %q, want one line with the reason", log.all)
	}
}

type lines struct{ to *mailbox[string] }

func (l lines) Write(line []byte) (int, error) {
	l.to.add(string(line))
	return len(line), nil
}

func TestANewerSessionIsNotFought(t *testing.T) {
	for _, waits := range []struct {
		length time.Duration
		again  bool
	}{{time.Hour, false}, {time.Millisecond, true}} {
		var opened mailbox[struct{}]
		socket := sidecartest.Socket(t)
		(&sidecartest.Sidecar{OnAttend: func(*sidecartest.Stream) error {
			opened.add(struct{}{})
			return status.Error(codes.Aborted, "a newer one took over")
		}}).Start(t, socket)
		c := open(t, socket, func(o *Options) { o.AfterTakeover = waits.length })
		session := attend(t, c, known(true))
		if waits.again {
			sidecartest.Eventually(t, "a session after the wait", func() bool { return opened.len() > 1 })
			session.Close()
			continue
		}
		sidecartest.Eventually(t, "the first session", func() bool { return opened.len() == 1 })
		// Whatever else is under way would have come back by the time that this much has been answered.
		for range 50 {
			session.Changed()
			if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
				t.Fatal(err)
			}
		}
		if opened.len() != 1 {
			t.Errorf("%d sessions were opened, want 1", opened.len())
		}
	}
}

func TestANodeThatMayNotWriteHasNoSession(t *testing.T) {
	sessions := make(chan *sidecartest.Stream, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: attending(sessions)}).Start(t, socket)
	k := known(false)
	c := open(t, socket)
	session := attend(t, c, k)
	session.Changed()
	if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
		t.Fatal(err)
	}
	if len(sessions) != 0 {
		t.Fatal("a session was opened")
	}
	k.change(func(f *pb.MountFacts) { f.Writable = true })
	session.Changed()
	stream := sidecartest.Receive(t, sessions)
	k.change(func(f *pb.MountFacts) { f.Writable = false })
	session.Changed()
	sidecartest.Receive(t, stream.Done())
}

func TestASessionThatIsGivenUpIsOpenedAgainAfterTheLongestWait(t *testing.T) {
	for _, c := range []struct {
		longest time.Duration
		again   bool
	}{{time.Hour, false}, {time.Millisecond, true}} {
		sessions := make(chan *sidecartest.Stream, 1)
		socket := sidecartest.Socket(t)
		(&sidecartest.Sidecar{OnAttend: attending(sessions)}).Start(t, socket)
		session := attend(t, open(t, socket, func(o *Options) { o.LongestRetry = c.longest }), known(true))
		stream := sidecartest.Receive(t, sessions)
		session.GiveUp("another node leads")
		sidecartest.Receive(t, stream.Done())
		sidecartest.Eventually(t, "the reason", func() bool {
			_, reason := session.Absence()
			return reason == "another node leads"
		})
		if c.again {
			sidecartest.Receive(t, sessions)
		}
		session.Close()
		session.GiveUp("nothing is open any more")
	}
}

func TestNoticesTellWhatChanged(t *testing.T) {
	notices := make(chan *pb.Notice, 4)
	opened := make(chan struct{}, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: func(s *sidecartest.Stream) error {
		opened <- struct{}{}
		for {
			frame, err := s.Receive()
			if err != nil {
				return err
			}
			notices <- frame.GetNotice()
		}
	}}).Start(t, socket)
	k := known(true)
	session := attend(t, open(t, socket), k)
	sidecartest.Receive(t, opened)
	session.Changed()
	for _, c := range []struct {
		change func(*pb.MountFacts)
		want   *pb.Notice
	}{
		{func(f *pb.MountFacts) { f.Path = "b/" }, &pb.Notice{Path: "b/", Tainted: proto.Bool(false), Writable: true}},
		{func(f *pb.MountFacts) { f.Tainted = proto.Bool(true) }, &pb.Notice{Path: "b/", Tainted: proto.Bool(true), Writable: true}},
		{func(f *pb.MountFacts) { f.Tainted = nil }, &pb.Notice{Path: "b/", Writable: true}},
	} {
		k.change(c.change)
		session.Changed()
		if got := sidecartest.Receive(t, notices); !proto.Equal(got, c.want) {
			t.Errorf("notice is %v, want %v", got, c.want)
		}
	}
}

// told hands over each notice of a session that is open.
func told(opened chan<- struct{}, notices chan<- *pb.Notice) func(*sidecartest.Stream) error {
	return func(s *sidecartest.Stream) error {
		opened <- struct{}{}
		for {
			frame, err := s.Receive()
			if err != nil {
				return err
			}
			notices <- frame.GetNotice()
		}
	}
}

func TestNoticesTellHowManyRevokesWereWrittenDown(t *testing.T) {
	opened, notices := make(chan struct{}, 1), make(chan *pb.Notice, 4)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: told(opened, notices)}).Start(t, socket)
	var journaled atomic.Uint64
	journaled.Store(3)
	k := known(true)
	session := open(t, socket).Attend(Host{Journaled: journaled.Load}, k.ask)
	t.Cleanup(session.Close)
	sidecartest.Receive(t, opened)
	// What was written down before the session opened is no news, but goes with the first notice.
	session.Changed()
	k.change(func(f *pb.MountFacts) { f.Path = "b/" })
	session.Changed()
	for _, want := range []uint64{3, 4, 1000} {
		if want > 3 {
			journaled.Store(want)
			session.Changed()
		}
		if got := sidecartest.Receive(t, notices); got.GetJournaled() != want || got.GetPath() != "b/" || !got.GetWritable() {
			t.Errorf("notice is %v, want %d revokes", got, want)
		}
	}
}

// opening does something just before a session's stream is opened.
type opening struct {
	pb.SidecarClient
	before func()
}

func (o opening) Attend(ctx context.Context, options ...grpc.CallOption) (grpc.BidiStreamingClient[pb.ShimFrame, pb.SidecarFrame], error) {
	o.before()
	return o.SidecarClient.Attend(ctx, options...)
}

func TestARevokeThatIsWrittenDownWhileASessionOpensIsTold(t *testing.T) {
	opened, notices := make(chan struct{}, 1), make(chan *pb.Notice, 4)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: told(opened, notices)}).Start(t, socket)
	var journaled atomic.Uint64
	sessions := make(chan *Session, 1)
	c := open(t, socket)
	c.link.api = opening{c.link.api, func() {
		session := <-sessions
		journaled.Add(1)
		session.Changed()
	}}
	session := c.Attend(Host{Journaled: journaled.Load}, known(true).ask)
	t.Cleanup(session.Close)
	sessions <- session
	if got := sidecartest.Receive(t, notices); got.GetJournaled() != 1 {
		t.Errorf("notice is %v, want one revoke", got)
	}
}

func TestASessionOutlivesAPanic(t *testing.T) {
	sessions := make(chan *sidecartest.Stream, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnAttend: attending(sessions)}).Start(t, socket)
	k := known(true)
	k.panic = true
	session := attend(t, open(t, socket), k)
	stream := sidecartest.Receive(t, sessions)
	k.mu.Lock()
	k.panic = true
	k.mu.Unlock()
	session.Changed()
	sidecartest.Receive(t, stream.Done())
	sidecartest.Receive(t, sessions)
}

func TestInvalidateTellsKeysOnce(t *testing.T) {
	var requests mailbox[*pb.InvalidateRequest]
	hold, held := make(chan struct{}), make(chan struct{}, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{InstanceID: "one", OnInvalidate: func(r *pb.InvalidateRequest) error {
		requests.add(r)
		if requests.len() == 1 {
			held <- struct{}{}
			<-hold
		}
		return nil
	}}).Start(t, socket)
	c := open(t, socket)
	ids := make(chan string, 2)
	note := func(id string) { ids <- id }
	c.Invalidate("mount", "first", note)
	sidecartest.Receive(t, held)
	for range 3 {
		c.Invalidate("mount", "b", note)
		c.Invalidate("mount", "a", note)
	}
	close(hold)
	if id := sidecartest.Receive(t, ids); id != "one" {
		t.Errorf("instance is %q", id)
	}
	sidecartest.Receive(t, ids)
	second := requests.all[1]
	if requests.len() != 2 || second.GetMountUuid() != "mount" || len(second.GetKeys()) != 2 || second.GetKeys()[0] != "a" || second.GetKeys()[1] != "b" {
		t.Errorf("requests are %v", requests.all)
	}
}

func TestInvalidateIsRepeatedUntilItArrives(t *testing.T) {
	arrived := make(chan []string, 1)
	failures := 3
	socket := sidecartest.Socket(t)
	c := open(t, socket)
	c.Invalidate("mount", "a", nil)
	sidecartest.Eventually(t, "a dial that failed", func() bool { return c.link.failure.Load() != nil })
	(&sidecartest.Sidecar{OnInvalidate: func(r *pb.InvalidateRequest) error {
		if failures--; failures >= 0 {
			return status.Error(codes.Internal, "not now")
		}
		arrived <- r.GetKeys()
		return nil
	}}).Start(t, socket)
	if keys := sidecartest.Receive(t, arrived); len(keys) != 1 || keys[0] != "a" {
		t.Errorf("keys are %v", keys)
	}
}

func TestInvalidateOutlivesAPanic(t *testing.T) {
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{InstanceID: "one"}).Start(t, socket)
	c := open(t, socket)
	c.Invalidate("mount", "a", func(string) { panic("bug") })
	ids := make(chan string, 1)
	sidecartest.Eventually(t, "an answer after the panic", func() bool {
		c.Invalidate("mount", "b", func(id string) {
			select {
			case ids <- id:
			default:
			}
		})
		return len(ids) > 0
	})
}

func TestInvalidKeysAreBounded(t *testing.T) {
	c := open(t, sidecartest.Socket(t))
	c.invalid.keys, c.invalid.sending = map[string]bool{}, true
	for i := range mostInvalidKeys {
		c.invalid.keys[strconv.Itoa(i)] = true
	}
	c.Invalidate("mount", "one more", nil)
	if c.invalid.keys["one more"] || len(c.invalid.keys) != mostInvalidKeys {
		t.Errorf("%d keys wait, want %d", len(c.invalid.keys), mostInvalidKeys)
	}
}
