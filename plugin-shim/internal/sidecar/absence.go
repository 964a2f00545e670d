package sidecar

import (
	"context"
	"sync"
	"time"
)

// absence is the time for which a session that should be open is not.
type absence struct {
	mu     sync.Mutex
	since  time.Time
	reason string
	// Whether the session was open when it was last looked at.
	open bool
}

// Absence returns since when the session should be open and is not, and the
// last reason, which is empty where none is known yet. The time is zero while
// the session is open, or need not be, since the node may not write. A session
// that has only just opened counts as open once it has lasted LongestRetry, and
// one whose sidecar does not answer counts as not open.
func (s *Session) Absence() (since time.Time, reason string) {
	s.absence.mu.Lock()
	defer s.absence.mu.Unlock()
	if s.absence.open {
		since, reason, _ = s.client.link.pulse.silence()
		return since, reason
	}
	return s.absence.since, s.absence.reason
}

// begin takes note that the session is not open, unless that is known.
func (a *absence) begin(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.open = false
	if a.since.IsZero() {
		a.since = now
	}
}

// why takes note of the last reason.
func (a *absence) why(reason string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reason = reason
}

// over takes note that the session need not be open.
func (a *absence) over() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.since, a.reason, a.open = time.Time{}, "", false
}

// overWhile ends it unless the stream has ended meanwhile.
func (a *absence) overWhile(stream context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if stream.Err() == nil {
		a.since, a.reason, a.open = time.Time{}, "", true
	}
}
