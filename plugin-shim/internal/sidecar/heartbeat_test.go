package sidecar

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// working is a sidecar whose requests end when the test says so; it says that it
// is there while present does. The test holds the clock of its client.
type working struct {
	present atomic.Bool
	greeted atomic.Int32
	served  atomic.Int32
	passed  atomic.Int64
	back    chan struct{}
	end     chan struct{}
	client  *Client
}

func newWorking(t *testing.T) *working {
	t.Helper()
	socket := sidecartest.Socket(t)
	w := &working{back: make(chan struct{}), end: make(chan struct{})}
	w.present.Store(true)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	(&sidecartest.Sidecar{
		OnHello: func() {
			w.greeted.Add(1)
			if !w.present.Load() {
				select {
				case <-w.back:
				case <-release:
				}
			}
		},
		OnServe: func(s *sidecartest.Stream) error {
			w.served.Add(1)
			select {
			case <-w.end:
				return s.Result(sidecartest.Nothing())
			case <-s.Done():
				return nil
			}
		},
	}).Start(t, socket)
	began := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	w.client = open(t, socket, func(o *Options) {
		// Nobody but the test looks at its pulse.
		o.Suspicion = 24 * time.Hour
		o.Now = func() time.Time { return began.Add(time.Duration(w.passed.Load())) }
	})
	return w
}

// connect makes the connection, and nothing else.
func (w *working) connect(t *testing.T) {
	t.Helper()
	if err := w.client.link.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.client.link.look()
}

// looks has time pass, and the pulse looked at as often as that is due.
func (w *working) looks(t *testing.T, times int) {
	t.Helper()
	link := w.client.link
	for range times {
		w.passed.Add(int64(link.pulse.every()))
		link.look()
		if w.present.Load() {
			sidecartest.Eventually(t, "the question is answered", func() bool { return len(link.asking) == 0 })
		}
	}
}

// calling makes a call, and returns once it is under way.
func (w *working) calling(t *testing.T) <-chan error {
	t.Helper()
	ended, before := make(chan error, 1), w.served.Load()
	go func() {
		_, err := w.client.Serve(t.Context(), read(), Host{})
		ended <- err
	}()
	sidecartest.Eventually(t, "the call is under way", func() bool { return w.served.Load() > before })
	return ended
}

func (w *working) silent() bool {
	_, _, silent := w.client.link.pulse.silence()
	return silent
}

func TestASidecarThatHangsIsKnownAsOneBeforeAnybodyAsksItForAnything(t *testing.T) {
	w := newWorking(t)
	w.connect(t)
	w.looks(t, 20)
	if w.greeted.Load() == 0 || w.silent() {
		t.Errorf("it was greeted %d times, and is silent: %t", w.greeted.Load(), w.silent())
	}
	w.present.Store(false)
	w.looks(t, 6)
	for _, ask := range []func() error{
		func() error { _, err := w.client.Serve(t.Context(), read(), Host{}); return err },
		func() error { _, err := w.client.ServeSoon(t.Context(), read(), Host{}); return err },
		func() error { _, err := w.client.ServePatiently(t.Context(), read(), Host{}); return err },
		func() error { _, err := w.client.ServeWithin(t.Context(), read(), Host{}, time.Minute); return err },
	} {
		err := ask()
		if coded(t, err) != 503 || !strings.Contains(err.Error(), "does not answer since") || !strings.Contains(err.Error(), nothingBegun) {
			t.Errorf("error is %v", err)
		}
	}
	if served := w.served.Load(); served != 0 {
		t.Errorf("%d calls began", served)
	}
	close(w.end)
	close(w.back)
	sidecartest.Eventually(t, "it answers", func() bool { return !w.silent() })
	if _, err := w.client.Serve(t.Context(), read(), Host{}); err != nil {
		t.Errorf("error is %v", err)
	}
}

func TestACallUnderWayIsGivenUpWhereTheSidecarHangs(t *testing.T) {
	w := newWorking(t)
	w.connect(t)
	ended := w.calling(t)
	w.present.Store(false)
	w.looks(t, 9)
	if len(ended) != 0 {
		t.Errorf("it is given up too soon: %v", <-ended)
	}
	w.looks(t, 1)
	err := sidecartest.Receive(t, ended)
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "does not answer since 2026-03-01T11:00:00Z") || !strings.Contains(err.Error(), maybeBegun) {
		t.Errorf("error is %v", err)
	}
}

func TestWhereOneRequestHangsAloneNothingElseDoes(t *testing.T) {
	w := newWorking(t)
	w.connect(t)
	ended := w.calling(t)
	w.looks(t, 100)
	if w.silent() || w.greeted.Load() < 10 {
		t.Errorf("it was greeted %d times; a sidecar with one request that takes long is called silent: %t", w.greeted.Load(), w.silent())
	}
	others := w.calling(t)
	close(w.end)
	for _, call := range []<-chan error{ended, others} {
		if err := sidecartest.Receive(t, call); err != nil {
			t.Errorf("error is %v", err)
		}
	}
}

func TestManyMountsAskASidecarThatHangsOnceAtATime(t *testing.T) {
	w := newWorking(t)
	w.present.Store(false)
	w.connect(t)
	w.looks(t, 4)
	sidecartest.Eventually(t, "it is asked", func() bool { return w.greeted.Load() > 0 })
	w.looks(t, 100)
	if asked := w.greeted.Load(); asked != 1 {
		t.Errorf("it was asked %d times", asked)
	}
}

func TestASidecarThatRefusesToSayWhoItIsAnswersAllTheSame(t *testing.T) {
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{HelloError: status.Error(codes.FailedPrecondition, "other paths")}).Start(t, socket)
	c := open(t, socket, suspicious)
	if err := c.link.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := c.link.pulse.heard.Load()
	sidecartest.Eventually(t, "an answer", func() bool { return c.link.pulse.heard.Load() != before })
}

// suspicious has the link look at its pulse by itself.
func suspicious(o *Options) { o.Suspicion = 50 * time.Millisecond }

func TestAQuestionThatWasLostIsAskedAnew(t *testing.T) {
	socket, release := sidecartest.Socket(t), make(chan struct{})
	t.Cleanup(func() { close(release) })
	var asked atomic.Int32
	(&sidecartest.Sidecar{OnHello: func() {
		if asked.Add(1) == 1 {
			<-release
		}
	}}).Start(t, socket)
	c := open(t, socket, suspicious)
	if err := c.link.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	sidecartest.Eventually(t, "an answer", func() bool { return c.link.pulse.heard.Load() > 0 })
}

func TestASessionWhoseSidecarHangsCountsAsNotOpen(t *testing.T) {
	w := newWorking(t)
	s := w.client.Attend(Host{}, func() *pb.MountFacts { return &pb.MountFacts{Uuid: "mount", Writable: true} })
	t.Cleanup(s.Close)
	sidecartest.Eventually(t, "the session is open", func() bool {
		s.absence.mu.Lock()
		defer s.absence.mu.Unlock()
		return s.absence.open
	})
	w.connect(t)
	w.present.Store(false)
	w.looks(t, 5)
	if since, reason := s.Absence(); since.IsZero() || !strings.Contains(reason, "does not answer since") {
		t.Errorf("it is not open since %v, for %q", since, reason)
	}
	close(w.back)
	sidecartest.Eventually(t, "the session counts as open", func() bool {
		since, _ := s.Absence()
		return since.IsZero()
	})
}
