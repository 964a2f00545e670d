package backend

import "time"

const (
	// For how long the session may be away before the log warns of it.
	longAbsence = 5 * time.Minute
	// Between two warnings of the same absence.
	betweenWarnings = 15 * time.Minute
)

// warnOfAbsence tells the log that nobody does the mount's work. The sidecar,
// which tells people of everything else, may not be there to tell them of this.
func (m *mount) warnOfAbsence() {
	m.mu.Lock()
	session, told := m.session, m.absenceTold
	m.mu.Unlock()
	if session == nil {
		return
	}
	since, reason := session.Absence()
	now := m.now()
	switch {
	case since.IsZero():
		told = time.Time{}
	case now.Sub(since) < longAbsence || !told.IsZero() && now.Sub(told) < betweenWarnings:
		return
	default:
		m.Logger().Warn("the mount's background session is not open: rotations, ends of clients and alarms wait for it", "since", since.UTC().Format(time.RFC3339), "reason", reason)
		told = now
	}
	m.mu.Lock()
	m.absenceTold = told
	m.mu.Unlock()
}
