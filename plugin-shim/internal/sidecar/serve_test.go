package sidecar

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func TestEachStreamBeginsWithWhoTheShimIs(t *testing.T) {
	calls := make(chan *pb.Call, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{InstanceID: "one", OnServe: func(s *sidecartest.Stream) error {
		calls <- s.Call
		return s.Result(sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_USER, Message: "no"}))
	}}).Start(t, socket)
	var instance string
	result, err := open(t, socket).Serve(t.Context(), read(), Host{Instance: func(id string) { instance = id }})
	if err != nil || result.GetError().GetMessage() != "no" {
		t.Fatalf("a refusal comes as %v, %v; want it as a result", result, err)
	}
	got := sidecartest.Receive(t, calls)
	if got.GetProtocolVersion() != 1 || string(got.GetDescriptorSha256()) != "hash" || got.GetShimVersion() != "v0.1.0" {
		t.Errorf("call is %v", got)
	}
	if instance != "one" {
		t.Errorf("instance is %q", instance)
	}
}

func TestAnAbsentSidecarIs503WithinTheBudget(t *testing.T) {
	begun := time.Now()
	_, err := open(t, sidecartest.Socket(t), budget(30*time.Millisecond)).Serve(t.Context(), read(), Host{})
	if coded(t, err) != 503 {
		t.Fatalf("error is %v", err)
	}
	for _, part := range []string{"genesys sidecar is unavailable: unix:///", "no such file or directory", nothingBegun} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error is %q, want %q in it", err, part)
		}
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestADeadlineShortensTheBudget(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := open(t, sidecartest.Socket(t), budget(time.Hour)).Serve(ctx, read(), Host{})
	if coded(t, err) != 503 || !strings.Contains(err.Error(), nothingBegun) {
		t.Errorf("error is %v", err)
	}
}

func TestASocketThatNobodyListensOnIsNamed(t *testing.T) {
	socket := sidecartest.Socket(t)
	gone := (&sidecartest.Sidecar{}).Start(t, socket)
	c := open(t, socket, budget(100*time.Millisecond))
	if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
		t.Fatal(err)
	}
	gone.Stop()
	_, err := c.Serve(t.Context(), read(), Host{})
	if coded(t, err) != 503 || !strings.Contains(err.Error(), socket) {
		t.Errorf("error is %v", err)
	}
}

func TestASocketOfAnotherUserIsNotTrusted(t *testing.T) {
	asPeer(t, otherUID())
	socket := sidecartest.Socket(t)
	var served atomic.Bool
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		served.Store(true)
		return s.Result(sidecartest.Nothing())
	}}).Start(t, socket)
	_, err := open(t, socket, budget(50*time.Millisecond)).Serve(t.Context(), read(), Host{})
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "the socket belongs to a process of uid") || served.Load() {
		t.Errorf("error is %v; served: %t", err, served.Load())
	}
}

func TestARequestRidesThroughAStart(t *testing.T) {
	socket := sidecartest.Socket(t)
	c := open(t, socket)
	ended := make(chan error, 1)
	go func() {
		_, err := c.Serve(context.Background(), call(pb.Operation_OPERATION_CREATE), Host{})
		ended <- err
	}()
	sidecartest.Eventually(t, "a dial that failed", func() bool { return c.link.failure.Load() != nil })
	(&sidecartest.Sidecar{}).Start(t, socket)
	if err := sidecartest.Receive(t, ended); err != nil {
		t.Error(err)
	}
}

func TestARequestRidesThroughARestart(t *testing.T) {
	socket := sidecartest.Socket(t)
	first := (&sidecartest.Sidecar{}).Start(t, socket)
	c := open(t, socket)
	if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
		t.Fatal(err)
	}
	first.Stop()
	(&sidecartest.Sidecar{}).Start(t, socket)
	if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
		t.Error(err)
	}
}

func TestWhatABrokenStreamMeans(t *testing.T) {
	unavailable := status.Error(codes.Unavailable, "going away")
	cases := []struct {
		name      string
		operation pb.Operation
		ops       int
		attempts  int32
		err       error
		http      int
		text      string
	}{
		{"a read is sent again", pb.Operation_OPERATION_READ, 0, 2, unavailable, 0, ""},
		{"a list is sent again", pb.Operation_OPERATION_LIST, 0, 2, unavailable, 0, ""},
		{"a renew is sent again", pb.Operation_OPERATION_RENEW, 0, 2, unavailable, 0, ""},
		{"a revoke is sent again", pb.Operation_OPERATION_REVOKE, 0, 2, unavailable, 0, ""},
		{"a create is not", pb.Operation_OPERATION_CREATE, 0, 1, unavailable, 503, maybeBegun},
		{"an update is not", pb.Operation_OPERATION_UPDATE, 0, 1, unavailable, 503, maybeBegun},
		{"a delete is not", pb.Operation_OPERATION_DELETE, 0, 1, unavailable, 503, maybeBegun},
		{"nothing is after an op", pb.Operation_OPERATION_READ, 1, 1, unavailable, 503, begun},
		{"another version", pb.Operation_OPERATION_READ, 0, 1, status.Error(codes.FailedPrecondition, "other paths"), 503, "plugin v0.1.0 and sidecar v0.9.9 do not fit together: other paths"},
		{"no such call", pb.Operation_OPERATION_READ, 0, 1, status.Error(codes.Unimplemented, "what?"), 503, "plugin v0.1.0 and sidecar v0.9.9 do not fit together"},
		{"given up", pb.Operation_OPERATION_READ, 1, 1, status.Error(codes.Canceled, "x"), 503, "it gave the request up"},
		{"a bug", pb.Operation_OPERATION_READ, 0, 1, status.Error(codes.Internal, "hunter2"), 500, "gRPC status Internal; its log has the details"},
		{"no result", pb.Operation_OPERATION_READ, 1, 1, nil, 500, "gRPC status Internal"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var attempts atomic.Int32
			socket := sidecartest.Socket(t)
			(&sidecartest.Sidecar{Version: "v0.9.9", OnServe: func(s *sidecartest.Stream) error {
				if attempts.Add(1) > 1 {
					return s.Result(sidecartest.Nothing())
				}
				for range c.ops {
					if _, err := s.Ask(sidecartest.Get("a")); err != nil {
						return err
					}
				}
				return c.err
			}}).Start(t, socket)
			_, err := open(t, socket).Serve(t.Context(), call(c.operation), Host{Storage: filled(t)})
			if attempts.Load() != c.attempts {
				t.Errorf("it was sent %d times, want %d", attempts.Load(), c.attempts)
			}
			if c.http == 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if coded(t, err) != c.http || !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error is %d %v, want %d with %q", coded(t, err), err, c.http, c.text)
			}
		})
	}
}

func TestASidecarKilledAmidWorkIs503(t *testing.T) {
	socket := sidecartest.Socket(t)
	asked := make(chan struct{})
	fake := (&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		if _, err := s.Ask(sidecartest.Get("a")); err != nil {
			return err
		}
		close(asked)
		<-s.Done()
		return nil
	}}).Start(t, socket)
	ended := make(chan error, 1)
	c := open(t, socket)
	go func() {
		_, err := c.Serve(context.Background(), read(), Host{Storage: filled(t)})
		ended <- err
	}()
	sidecartest.Receive(t, asked)
	fake.Stop()
	if err := sidecartest.Receive(t, ended); coded(t, err) != 503 || !strings.Contains(err.Error(), begun) {
		t.Errorf("error is %v", err)
	}
}

func TestACancelledRequestEndsStreamAndStorage(t *testing.T) {
	var under atomic.Int32
	reached := make(chan struct{}, 1)
	storage := &hooked{before: func(ctx context.Context) error {
		under.Add(1)
		defer under.Add(-1)
		reached <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}}
	streamEnded := make(chan struct{})
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		_, _ = s.Ask(sidecartest.Get("a"))
		<-s.Done()
		close(streamEnded)
		return nil
	}}).Start(t, socket)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	c := open(t, socket)
	go func() {
		_, err := c.Serve(ctx, read(), Host{Storage: storage})
		if under.Load() != 0 {
			err = errors.New("an op was under way when Serve returned")
		}
		ended <- err
	}()
	sidecartest.Receive(t, reached)
	cancel()
	if err := sidecartest.Receive(t, ended); err != context.Canceled {
		t.Errorf("error is %v, want context.Canceled itself", err)
	}
	sidecartest.Receive(t, streamEnded)
}

func TestADeadlineAmidWorkIs503(t *testing.T) {
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		if _, err := s.Ask(sidecartest.Get("a")); err != nil {
			return err
		}
		<-s.Done()
		// Either half may see the deadline first.
		return status.Error(codes.DeadlineExceeded, "too late")
	}}).Start(t, socket)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := open(t, socket).Serve(ctx, read(), Host{Storage: filled(t)})
	if coded(t, err) != 503 || !strings.Contains(err.Error(), begun) {
		t.Errorf("error is %v", err)
	}
}

func TestStorageIsGoneAfterTheResult(t *testing.T) {
	storage := filled(t)
	late := make(chan error, 1)
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		if err := s.Result(sidecartest.Nothing()); err != nil {
			return err
		}
		_, err := s.Ask(sidecartest.Put("late", "1"))
		late <- err
		return nil
	}}).Start(t, socket)
	if _, err := open(t, socket).Serve(t.Context(), read(), Host{Storage: storage}); err != nil {
		t.Fatal(err)
	}
	if err := sidecartest.Receive(t, late); err == nil {
		t.Error("an op after the result was answered")
	}
	if entry, _ := storage.Get(t.Context(), "late"); entry != nil {
		t.Error("an op after the result was done")
	}
}

func TestValuesUpToTheLimitOfAMessagePass(t *testing.T) {
	if got := ask(t, sidecartest.Put("large", strings.Repeat("x", largestEntry)), read(), Host{Storage: filled(t)}); got.GetDone() == nil {
		t.Errorf("put answers %v", got.GetFailure())
	}
}

func TestALargerMessageFailsItsRequestAlone(t *testing.T) {
	socket := sidecartest.Socket(t)
	(&sidecartest.Sidecar{OnServe: func(s *sidecartest.Stream) error {
		if s.Call.GetPathId() == "large" {
			_, err := s.Ask(sidecartest.Put("large", strings.Repeat("x", 9<<20)))
			return err
		}
		return s.Result(sidecartest.Nothing())
	}}).Start(t, socket)
	client := open(t, socket)
	small, large := read(), read()
	large.PathId = "large"
	_, err := client.Serve(t.Context(), large, Host{Storage: filled(t)})
	if err == nil || !strings.Contains(err.Error(), "larger than the 4194304 bytes of one message") {
		t.Errorf("error is %v", err)
	}
	large.FieldsJson = bytes.Repeat([]byte("x"), 9<<20)
	_, err = client.Serve(t.Context(), large, Host{Storage: filled(t)})
	if err == nil || !strings.Contains(err.Error(), "larger than the 4194304 bytes of one message") {
		t.Errorf("error is %v", err)
	}
	if _, err := client.Serve(t.Context(), small, Host{Storage: filled(t)}); err != nil {
		t.Errorf("the next request fails: %v", err)
	}
}

func TestClientsOfOneTargetShareAConnection(t *testing.T) {
	socket := sidecartest.Socket(t)
	fake := (&sidecartest.Sidecar{}).Start(t, socket)
	one, two := open(t, socket), open(t, socket)
	for _, c := range []*Client{one, two} {
		if _, err := c.Serve(t.Context(), read(), Host{}); err != nil {
			t.Fatal(err)
		}
	}
	if got := fake.Connections.Load(); got != 1 {
		t.Errorf("%d connections were made, want 1", got)
	}
	one.Close()
	one.Close()
	if _, err := two.Serve(t.Context(), read(), Host{}); err != nil {
		t.Errorf("after the other's close: %v", err)
	}
	two.Close()
	links.Lock()
	left := links.open[two.link.target]
	links.Unlock()
	if left != nil {
		t.Error("the connection outlives its last client")
	}
	if _, err := two.Serve(t.Context(), read(), Host{}); coded(t, err) != 503 {
		t.Errorf("after the close: %v", err)
	}
}

func TestServeSoonWaitsForASidecarThatComesBackSoon(t *testing.T) {
	socket := sidecartest.Socket(t)
	c := open(t, socket, budget(time.Minute))
	ended := make(chan error, 1)
	go func() {
		_, err := c.ServeSoon(context.Background(), call(pb.Operation_OPERATION_REVOKE), Host{})
		ended <- err
	}()
	sidecartest.Eventually(t, "a dial that failed", func() bool { return c.link.failure.Load() != nil })
	(&sidecartest.Sidecar{}).Start(t, socket)
	if err := sidecartest.Receive(t, ended); err != nil {
		t.Error(err)
	}
	if missed := c.link.missedFor(); missed != 0 {
		t.Errorf("the connection stands, and was missed for %s", missed)
	}
}

func TestServeSoonWaitsNoLongerThanAnybodyDidBefore(t *testing.T) {
	for name, waited := range map[string]time.Duration{"a sixth of the budget": 10 * time.Minute, "far longer": time.Hour} {
		t.Run(name, func(t *testing.T) {
			c := open(t, sidecartest.Socket(t), budget(time.Hour))
			since := time.Now().Add(-waited)
			c.link.missed.Store(&since)
			ended := make(chan error, 1)
			go func() {
				_, err := c.ServeSoon(t.Context(), call(pb.Operation_OPERATION_REVOKE), Host{})
				ended <- err
			}()
			if err := sidecartest.Receive(t, ended); coded(t, err) != 503 || !strings.Contains(err.Error(), nothingBegun) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestASidecarThatTakesConnectionsAndSaysNothingIsToldAsThat(t *testing.T) {
	socket := sidecartest.Socket(t)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c := open(t, socket)
	since := time.Now().Add(-time.Minute)
	c.link.missed.Store(&since)
	_, err = c.ServeSoon(t.Context(), read(), Host{})
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "cannot be reached since "+since.UTC().Format(time.RFC3339)) || !strings.Contains(err.Error(), "says nothing") {
		t.Errorf("error is %v", err)
	}
}

func TestServeSoonWaitsForASixthOfTheBudget(t *testing.T) {
	// The whole budget would outlast the test.
	c := open(t, sidecartest.Socket(t), budget(time.Minute))
	since := time.Now().Add(-10*time.Second + 50*time.Millisecond)
	c.link.missed.Store(&since)
	ended := make(chan error, 1)
	go func() {
		_, err := c.ServeSoon(t.Context(), call(pb.Operation_OPERATION_REVOKE), Host{})
		ended <- err
	}()
	if err := sidecartest.Receive(t, ended); coded(t, err) != 503 {
		t.Errorf("error is %v", err)
	}
	if missed := c.link.missedFor(); missed < 10*time.Second {
		t.Errorf("it gave up after %s, want ten seconds", missed)
	}
}
