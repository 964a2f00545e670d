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
}

// Absence returns since when the session should be open and is not, and the
// last reason, which is empty where none is known yet. The time is zero while
// the session is open, or need not be, since the node may not write. A session
// that has only just opened counts as open once it has lasted LongestRetry.
func (s *Session) Absence() (since time.Time, reason string) {
	s.absence.mu.Lock()
	defer s.absence.mu.Unlock()
	return s.absence.since, s.absence.reason
}

// begin takes note that the session is not open, unless that is known.
func (a *absence) begin(now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
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

func (a *absence) over() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.since, a.reason = time.Time{}, ""
}

// overWhile ends it unless the stream has ended meanwhile.
func (a *absence) overWhile(stream context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if stream.Err() == nil {
		a.since, a.reason = time.Time{}, ""
	}
}
