package sidecar

import (
	"strings"
	"testing"
	"time"
)

// held is a clock that a test moves.
type held struct{ at time.Time }

func (h *held) now() time.Time { return h.at }

// heartbeat is a pulse whose clock the test holds, looked at for the first time.
func heartbeat() (*pulse, *held) {
	clock := &held{at: time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)}
	p := newPulse(5*time.Second, clock.now)
	p.look(true)
	return p, clock
}

// run has the pulse looked at every second, and returns when it asked.
func run(p *pulse, clock *held, seconds int) (asked []int) {
	for second := 1; second <= seconds; second++ {
		clock.at = clock.at.Add(time.Second)
		if p.look(true) {
			asked = append(asked, second)
		}
	}
	return asked
}

func isSilent(p *pulse) bool {
	_, _, silent := p.silence()
	return silent
}

func givenUp(p *pulse) bool {
	select {
	case <-p.gaveUp():
		return true
	default:
		return false
	}
}

func TestASidecarThatSaysNothingForFiveSecondsIsSilentSinceItsLastWord(t *testing.T) {
	p, clock := heartbeat()
	run(p, clock, 30)
	p.beat()
	if asked := run(p, clock, 4); len(asked) != 4 || isSilent(p) {
		t.Errorf("after four seconds it was asked in %v; silent: %t", asked, isSilent(p))
	}
	run(p, clock, 1)
	since, words, silent := p.silence()
	if !silent || !since.Equal(time.Date(2026, 3, 1, 11, 0, 30, 0, time.UTC)) {
		t.Errorf("silent: %t, since %v", silent, since)
	}
	if want := "the sidecar does not answer since 2026-03-01T11:00:30Z, for 5s"; words != want {
		t.Errorf("words are %q, want %q", words, want)
	}
}

func TestCallsUnderWayAreWaitedForTwiceAsLong(t *testing.T) {
	p, clock := heartbeat()
	run(p, clock, 9)
	if givenUp(p) {
		t.Error("they are given up after nine seconds")
	}
	run(p, clock, 1)
	if !givenUp(p) {
		t.Error("they are not given up after ten seconds")
	}
}

func TestTheFirstAnswerEndsTheSilence(t *testing.T) {
	for _, seconds := range []int{5, 60} {
		p, clock := heartbeat()
		run(p, clock, seconds)
		p.beat()
		if isSilent(p) || givenUp(p) {
			t.Errorf("after %d seconds and an answer: silent %t, given up %t", seconds, isSilent(p), givenUp(p))
		}
		run(p, clock, 4)
		if isSilent(p) {
			t.Error("it is silent again at once")
		}
	}
}

func TestASidecarThatTalksIsNotAsked(t *testing.T) {
	p, clock := heartbeat()
	for range 20 {
		clock.at = clock.at.Add(500 * time.Millisecond)
		p.beat()
		clock.at = clock.at.Add(500 * time.Millisecond)
		if p.look(true) {
			t.Error("it is asked")
		}
	}
}

func TestAPauseOfTheWholeMachineIsNoSilence(t *testing.T) {
	p, clock := heartbeat()
	run(p, clock, 3)
	clock.at = clock.at.Add(time.Hour)
	p.look(true)
	run(p, clock, 4)
	if isSilent(p) {
		t.Error("it is silent four seconds after an hour's pause")
	}
	run(p, clock, 1)
	if since, _, silent := p.silence(); !silent || !since.Equal(clock.at.Add(-5*time.Second)) {
		t.Errorf("silent: %t, since %v; now is %v", silent, since, clock.at)
	}
}

func TestALookThatIsALittleLateCountsAll(t *testing.T) {
	p, clock := heartbeat()
	for range 3 {
		clock.at = clock.at.Add(2 * time.Second)
		p.look(true)
	}
	if !isSilent(p) {
		t.Error("it is not silent after six seconds")
	}
}

func TestASilenceThatIsKnownOutlastsAPause(t *testing.T) {
	p, clock := heartbeat()
	run(p, clock, 6)
	was, _, _ := p.silence()
	clock.at = clock.at.Add(time.Hour)
	p.look(true)
	if since, _, silent := p.silence(); !silent || !since.Equal(was) || givenUp(p) {
		t.Errorf("silent: %t, since %v, was %v; given up: %t", silent, since, was, givenUp(p))
	}
}

func TestNobodyIsSilentWithoutAConnection(t *testing.T) {
	p, clock := heartbeat()
	run(p, clock, 60)
	clock.at = clock.at.Add(time.Second)
	if p.look(false) || isSilent(p) || givenUp(p) {
		t.Error("it is silent, or asked, where there is no connection")
	}
	run(p, clock, 4)
	if isSilent(p) {
		t.Error("it is silent four seconds after the connection came back")
	}
}

func TestWhyAnAnswerIsMissing(t *testing.T) {
	p, clock := heartbeat()
	run(p, clock, 1)
	p.beat()
	clock.at = clock.at.Add(time.Second)
	mark := p.mark()
	clock.at = clock.at.Add(2 * time.Second)
	if words := p.saidSince(mark); words != "the sidecar does not answer since 2026-03-01T11:00:01Z, for 3s" {
		t.Errorf("nothing was heard: %q", words)
	}
	p.beat()
	if words := p.saidSince(mark); !strings.Contains(words, "did not end this request in time") {
		t.Errorf("something was heard: %q", words)
	}
}
