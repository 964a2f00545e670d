package sidecar

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// errHangs is why a call is given up whose sidecar answers nobody.
var errHangs = errors.New("the sidecar answers nobody")

const (
	// How often, within the time that a sidecar may be silent, the pulse is looked
	// at; one that was silent between two looks is asked whether it is there.
	looksWithinSuspicion = 5
	// How many times as long a call under way is waited for: what it began may be
	// in the midst of something, and there is less to lose by waiting.
	patienceWithCallsUnderWay = 2
	// A look that comes later than it should by more than this was held up together
	// with all else on this machine.
	mostLate = time.Second
)

// pulse knows whether the sidecar of a link answers anybody. It counts the time in
// which this process ran: a machine that stood still has heard nothing, and that
// says nothing about the sidecar.
type pulse struct {
	now       func() time.Time
	began     time.Time
	suspicion time.Duration
	// When the sidecar last sent a frame, or said that it is there, since began.
	heard atomic.Int64
	// Since when it does not answer; nil while it does, as far as is known.
	silent atomic.Pointer[time.Time]

	mu sync.Mutex
	// From when on silence counts, and when the pulse was last looked at.
	from, looked time.Duration
	// Closed once calls under way are not waited for any longer.
	hangs  chan struct{}
	closed bool
}

func newPulse(suspicion time.Duration, now func() time.Time) *pulse {
	return &pulse{now: now, began: now(), suspicion: suspicion, hangs: make(chan struct{})}
}

func (p *pulse) elapsed() time.Duration {
	return p.now().Sub(p.began)
}

// every returns the time between two looks.
func (p *pulse) every() time.Duration {
	return p.suspicion / looksWithinSuspicion
}

// beat notes that the sidecar said something.
func (p *pulse) beat() {
	p.heard.Store(int64(p.elapsed()))
	if p.silent.Load() != nil {
		p.mu.Lock()
		p.answers()
		p.mu.Unlock()
	}
}

// answers is for who holds the lock.
func (p *pulse) answers() {
	p.silent.Store(nil)
	if p.closed {
		p.hangs, p.closed = make(chan struct{}), false
	}
}

// look judges the silence, and reports whether the sidecar is to be asked. While
// there is no connection, nobody can be silent on it.
func (p *pulse) look(connected bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.elapsed()
	late := now-p.looked > p.every()+mostLate
	p.looked = now
	if !connected {
		p.from = now
		p.answers()
		return false
	}
	if late {
		p.from = now
	}
	heard := p.heard.Load()
	quiet := now - max(time.Duration(heard), p.from)
	if quiet >= p.suspicion && p.silent.Load() == nil {
		since := p.now().Add(-quiet)
		p.silent.Store(&since)
		if p.heard.Load() != heard {
			// It came in between, and found no silence to end.
			p.answers()
			return false
		}
	}
	if quiet >= patienceWithCallsUnderWay*p.suspicion && !p.closed {
		p.closed = true
		close(p.hangs)
	}
	return quiet >= p.every()
}

// gaveUp returns what is closed once the sidecar has been silent for so long that
// a call which begins now is not waited for.
func (p *pulse) gaveUp() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hangs
}

// silence returns since when the sidecar does not answer, and says so in words;
// false while it does.
func (p *pulse) silence() (since time.Time, words string, silent bool) {
	known := p.silent.Load()
	if known == nil {
		return time.Time{}, "", false
	}
	return *known, p.inWords(*known), true
}

// mark is a time to be given to saidSince.
func (p *pulse) mark() time.Duration {
	return p.elapsed()
}

// saidSince says in words why something was not answered that was asked at a
// mark: whether the sidecar has said anything to anybody since.
func (p *pulse) saidSince(mark time.Duration) string {
	if _, words, silent := p.silence(); silent {
		return words
	}
	heard := time.Duration(p.heard.Load())
	if heard > mark {
		return AnswersOthers
	}
	p.mu.Lock()
	quiet := p.elapsed() - max(heard, p.from)
	p.mu.Unlock()
	return p.inWords(p.now().Add(-quiet))
}

func (p *pulse) inWords(since time.Time) string {
	return fmt.Sprintf("the sidecar does not answer since %s, for %s",
		since.UTC().Format(time.RFC3339), p.now().Sub(since).Round(time.Second))
}
