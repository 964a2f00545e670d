package sidecar

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func suspicious(o *Options) { o.Suspicion = 30 * time.Millisecond }

// working is a sidecar whose requests end when the test says so; it says that it
// is there while present does.
func working(t *testing.T, present *atomic.Bool, end chan struct{}) *Client {
	t.Helper()
	socket := sidecartest.Socket(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	(&sidecartest.Sidecar{
		OnHello: func() {
			if !present.Load() {
				<-release
			}
		},
		OnServe: func(s *sidecartest.Stream) error {
			select {
			case <-end:
				return s.Result(sidecartest.Nothing())
			case <-s.Done():
				return nil
			}
		},
	}).Start(t, socket)
	return open(t, socket, suspicious)
}

func TestACallToASidecarThatHangsIsGivenUp(t *testing.T) {
	var present atomic.Bool
	c := working(t, &present, make(chan struct{}))
	for range 3 {
		_, err := c.Serve(t.Context(), read(), Host{})
		if coded(t, err) != 503 || !strings.Contains(err.Error(), "does not answer since") || !strings.Contains(err.Error(), maybeBegun) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestACallOfASidecarThatWorksForLongIsNotGivenUp(t *testing.T) {
	var present atomic.Bool
	present.Store(true)
	end := make(chan struct{})
	c := working(t, &present, end)
	ended := make(chan error, 1)
	go func() {
		_, err := c.Serve(t.Context(), read(), Host{})
		ended <- err
	}()
	// It is asked again and again meanwhile.
	for range 3 {
		before := c.link.pulse.heard.Load()
		sidecartest.Eventually(t, "another answer", func() bool { return c.link.pulse.heard.Load() != before })
	}
	close(end)
	if err := sidecartest.Receive(t, ended); err != nil {
		t.Errorf("error is %v", err)
	}
}

func TestASidecarThatHungAndIsBackAnswersAgain(t *testing.T) {
	var present atomic.Bool
	end := make(chan struct{})
	c := working(t, &present, end)
	if _, err := c.Serve(t.Context(), read(), Host{}); coded(t, err) != 503 {
		t.Errorf("error is %v", err)
	}
	present.Store(true)
	close(end)
	if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
		t.Errorf("error is %v", err)
	}
}

func TestManyCallsToASidecarThatHangsAskOnce(t *testing.T) {
	var asked atomic.Int32
	socket, release := sidecartest.Socket(t), make(chan struct{})
	t.Cleanup(func() { close(release) })
	(&sidecartest.Sidecar{
		OnHello: func() {
			asked.Add(1)
			<-release
		},
		OnServe: func(s *sidecartest.Stream) error {
			<-s.Done()
			return nil
		},
	}).Start(t, socket)
	// As long as all of them may take, however busy the machine is.
	c := open(t, socket, func(o *Options) { o.Suspicion = 2 * time.Second })
	const calls = 20
	ended := make(chan error, calls)
	for range calls {
		go func() {
			_, err := c.Serve(t.Context(), read(), Host{})
			ended <- err
		}()
	}
	for range calls {
		if err := sidecartest.Receive(t, ended); coded(t, err) != 503 {
			t.Errorf("error is %v", err)
		}
	}
	if count := asked.Load(); count > 2 {
		t.Errorf("it was asked %d times", count)
	}
}
