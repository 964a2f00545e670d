package sidecar

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// Session keeps the background session of one mount open: it opens it once the
// node may write and the sidecar is there, and again whenever it ends.
type Session struct {
	client *Client
	host   Host
	facts  func() *pb.MountFacts
	ctx    context.Context
	cancel context.CancelFunc
	// Holds one token: look at the facts again.
	news chan struct{}
	// The last complaint, which is not made again and again.
	said string
	// When the last stream was opened.
	opened time.Time

	absence absence

	mu sync.Mutex
	// Ends the stream that is open; nil where none is.
	giveUp context.CancelCauseFunc
}

// ownEnd is why the plugin ended a stream.
type ownEnd struct{ reason string }

func (g *ownEnd) Error() string { return g.reason }

// Attend starts a session and returns at once. facts is asked before each
// opening and after each Changed; what it says of path, tainted and writable
// reaches the sidecar, and so does the host's count of journaled revokes.
func (c *Client) Attend(host Host, facts func() *pb.MountFacts) *Session {
	ctx, cancel := context.WithCancel(c.ctx)
	s := &Session{client: c, host: host, facts: facts, ctx: ctx, cancel: cancel, news: make(chan struct{}, 1)}
	go s.run()
	return s
}

// Changed has the session look at the facts again. It never waits.
func (s *Session) Changed() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// GiveUp ends the stream that is open, for a reason in words; the next one is
// opened LongestRetry later, unless the session is closed or the node may not
// write by then. It never waits.
func (s *Session) GiveUp(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.giveUp != nil {
		s.giveUp(&ownEnd{reason})
	}
}

func (s *Session) opening(giveUp context.CancelCauseFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.giveUp = giveUp
}

// Close ends the session and waits for nothing.
func (s *Session) Close() {
	s.cancel()
}

func (s *Session) run() {
	wait := s.client.options.FirstRetry
	for s.ctx.Err() == nil {
		s.opened = time.Time{}
		err := s.once()
		if s.ctx.Err() != nil {
			return
		}
		if err == nil {
			// The node may not write: whoever learns more says so.
			select {
			case <-s.news:
			case <-s.ctx.Done():
			}
			continue
		}
		// A session that lasted was sound: what ended it is news.
		if !s.opened.IsZero() && time.Since(s.opened) > s.client.options.LongestRetry {
			wait, s.said = s.client.options.FirstRetry, ""
		}
		s.complain(status.Convert(err).Message())
		next := wait
		if status.Code(err) == codes.Aborted {
			// Another process attends this mount: two that fight would both starve.
			next = s.client.options.AfterTakeover
		}
		if _, is := err.(*ownEnd); is {
			// Vault is most likely about to close the mount.
			next = s.client.options.LongestRetry
		}
		wait = min(2*wait, s.client.options.LongestRetry)
		pause(s.ctx, next)
	}
}

// once holds one stream until it ends. It returns nil where the node may not
// write.
func (s *Session) once() (err error) {
	defer func() {
		if recover() != nil {
			s.client.options.Logger.Error("a background session met a bug in the plugin", "stack", string(debug.Stack()))
			err = status.Error(codes.Internal, "the plugin met a bug")
		}
	}()
	if !s.facts().GetWritable() {
		s.absence.over()
		return nil
	}
	s.absence.begin(s.client.options.Now())
	if err := s.ready(); err != nil {
		return err
	}
	facts := s.facts()
	if !facts.GetWritable() {
		s.absence.over()
		return nil
	}
	// Before the stream: what is written down from now on is told.
	told := s.notice(facts)
	ctx, giveUp := context.WithCancelCause(s.ctx)
	cancel := func() { giveUp(nil) }
	stream, err := s.client.link.api.Attend(ctx)
	if err != nil {
		cancel()
		return err
	}
	s.opening(giveUp)
	lent := newLent(ctx, stream, s.host, true, s.client.options.Logger)
	defer func() {
		s.opening(nil)
		var own *ownEnd
		if errors.As(context.Cause(ctx), &own) {
			err = own
		}
		cancel()
		lent.wait()
	}()
	if err := lent.send(s.client.sign(&pb.Call{Mount: facts, Operation: pb.Operation_OPERATION_ATTEND})); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	s.opened = time.Now()
	settled := time.AfterFunc(s.client.options.LongestRetry, func() {
		s.absence.overWhile(ctx)
		s.client.options.Logger.Info("the mount's background session is open")
	})
	defer settled.Stop()
	lent.tasks.Add(1)
	go s.notify(ctx, cancel, lent, told)
	return s.receive(stream, lent)
}

// ready waits for the connection, and says so when that takes long.
func (s *Session) ready() error {
	patience, cancel := context.WithTimeout(s.ctx, s.client.options.LongestRetry)
	defer cancel()
	if s.client.link.ready(patience) == nil {
		return nil
	}
	if s.ctx.Err() == nil {
		s.complain(s.client.link.whyNotReady())
	}
	return s.client.link.ready(s.ctx)
}

// complain logs a reason unless it is the last one again; the session's own
// goroutine alone calls it.
func (s *Session) complain(reason string) {
	s.absence.why(reason)
	if reason != s.said {
		s.client.options.Logger.Warn("the mount has no background session; it is opened as soon as possible", "reason", reason)
		s.said = reason
	}
}

func (s *Session) receive(stream receiver, lent *lent) error {
	for first := true; ; first = false {
		frame, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return status.Error(codes.Internal, "the sidecar ended a session that is the plugin's to end")
		}
		if err != nil {
			return err
		}
		s.client.link.pulse.beat()
		if first && s.host.Instance != nil {
			s.host.Instance(frame.GetInstanceId())
		}
		lent.answer(frame)
	}
}

// notify tells the sidecar what has changed, and ends the stream where the node
// may not write any more.
func (s *Session) notify(ctx context.Context, cancel context.CancelFunc, lent *lent, told *pb.Notice) {
	defer lent.tasks.Done()
	defer func() {
		if recover() != nil {
			s.client.options.Logger.Error("a background session met a bug in the plugin", "stack", string(debug.Stack()))
			cancel()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.news:
		}
		notice := s.notice(s.facts())
		if proto.Equal(notice, told) {
			continue
		}
		told = notice
		if lent.send(&pb.ShimFrame{Frame: &pb.ShimFrame_Notice{Notice: notice}}) != nil || !notice.GetWritable() {
			cancel()
			return
		}
	}
}

func (s *Session) notice(facts *pb.MountFacts) *pb.Notice {
	notice := &pb.Notice{Path: facts.GetPath(), Tainted: facts.Tainted, Writable: facts.GetWritable()}
	if s.host.Journaled != nil {
		notice.Journaled = s.host.Journaled()
	}
	return notice
}
