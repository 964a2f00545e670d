package sidecar

import (
	"strings"
	"testing"
	"time"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

const soon = 200 * time.Millisecond

// hanging is a sidecar that takes calls and says nothing, but to quick ones. The
// others are told of on the channel.
func hanging(t *testing.T) (*Client, <-chan struct{}) {
	t.Helper()
	socket := sidecartest.Socket(t)
	release, taken := make(chan struct{}), make(chan struct{}, 1)
	t.Cleanup(func() { close(release) })
	(&sidecartest.Sidecar{
		OnHello: func() { <-release },
		OnServe: func(s *sidecartest.Stream) error {
			if s.Call.GetPathId() == "quick" {
				return s.Result(sidecartest.Nothing())
			}
			taken <- struct{}{}
			<-s.Done()
			return nil
		},
	}).Start(t, socket)
	return open(t, socket), taken
}

func named(id string) *pb.Call {
	made := call(pb.Operation_OPERATION_READ)
	made.PathId = id
	return made
}

func TestASidecarThatHangsIsToldWithSinceWhen(t *testing.T) {
	c, _ := hanging(t)
	began := time.Now()
	_, err := c.ServeWithin(t.Context(), named("status"), Host{}, soon)
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "the sidecar does not answer since "+began.UTC().Format("2006-")) {
		t.Errorf("error is %v", err)
	}
}

func TestASidecarThatAnswersOthersIsNotCalledSilent(t *testing.T) {
	c, taken := hanging(t)
	ended := make(chan error, 1)
	go func() {
		_, err := c.ServeWithin(t.Context(), named("status"), Host{}, soon)
		ended <- err
	}()
	sidecartest.Receive(t, taken)
	if _, err := c.Serve(t.Context(), named("quick"), Host{}); err != nil {
		t.Fatal(err)
	}
	if err := sidecartest.Receive(t, ended); coded(t, err) != 503 || !strings.Contains(err.Error(), "did not end this request in time") {
		t.Errorf("error is %v", err)
	}
}

func TestASidecarThatIsAwayIsToldAsThat(t *testing.T) {
	c := open(t, sidecartest.Socket(t), budget(time.Minute))
	_, err := c.ServeWithin(t.Context(), named("status"), Host{}, soon)
	if coded(t, err) != 503 || !strings.Contains(err.Error(), "no such file") || !strings.Contains(err.Error(), nothingBegun) {
		t.Errorf("error is %v", err)
	}
}

func TestASidecarThatIsAwayIsToldAsThatHoweverLateThatIsNoticed(t *testing.T) {
	c := open(t, sidecartest.Socket(t), budget(time.Minute))
	// Over before anybody can have waited.
	_, err := c.ServeWithin(t.Context(), named("status"), Host{}, time.Nanosecond)
	if coded(t, err) != 503 || !strings.Contains(err.Error(), nothingBegun) || strings.Contains(err.Error(), "in time") {
		t.Errorf("error is %v", err)
	}
}

func TestWhatIsAnsweredInTimeIsAnswered(t *testing.T) {
	c, _ := hanging(t)
	if _, err := c.ServeWithin(t.Context(), named("quick"), Host{}, time.Minute); err != nil {
		t.Error(err)
	}
}
