package sidecar

import "sync"

const (
	// Of the contract.
	mostInFlight = 16
	// How far op ids may run ahead of one that never came.
	mostGaps = 1024
)

// window holds a stream's ops to the contract: ids are unique, and few are in
// flight. Ids are counted from 1, so that what must be remembered is small.
type window struct {
	mu       sync.Mutex
	inFlight int
	// Every id up to here was seen, and these beyond it.
	upTo   uint64
	beyond map[uint64]bool
}

// enter admits an op, or says why not.
func (w *window) enter(id uint64) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case id == 0:
		return "op ids are counted from 1"
	case id <= w.upTo || w.beyond[id]:
		return "an op of this id came before"
	case len(w.beyond) >= mostGaps:
		return "op ids have gaps"
	}
	if w.beyond == nil {
		w.beyond = map[uint64]bool{}
	}
	w.beyond[id] = true
	for w.beyond[w.upTo+1] {
		w.upTo++
		delete(w.beyond, w.upTo)
	}
	if w.inFlight >= mostInFlight {
		return "too many ops are in flight"
	}
	w.inFlight++
	return ""
}

func (w *window) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.inFlight--
}
