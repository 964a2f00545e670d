package sidecar

import (
	"context"
	"runtime/debug"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"
)

// beat looks at the pulse again and again, so that a sidecar that hangs is known
// as one before anybody waits for it. It asks only on a connection that stands,
// which it neither makes nor waits for, and ends with the link.
func (l *link) beat() {
	looks := time.NewTicker(l.pulse.every())
	defer looks.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-looks.C:
			l.look()
		}
	}
}

func (l *link) look() {
	if !l.pulse.look(l.conn.GetState() == connectivity.Ready) {
		return
	}
	select {
	case l.asking <- struct{}{}:
		go l.ask()
	default:
		// Somebody asks already.
	}
}

// ask asks the sidecar whether it is there, until it answers or the connection
// is gone. A question is asked anew after a while, in case that one alone was lost.
func (l *link) ask() {
	defer func() { <-l.asking }()
	defer func() {
		if recover() != nil {
			l.logger.Error("a question whether the sidecar is there met a bug in the plugin", "stack", string(debug.Stack()))
		}
	}()
	for l.ctx.Err() == nil && l.conn.GetState() == connectivity.Ready {
		asked, cancel := context.WithTimeout(l.ctx, l.pulse.suspicion)
		_, err := l.api.Hello(asked, l.greeting)
		cancel()
		switch status.Code(err) {
		case codes.DeadlineExceeded:
			continue
		case codes.Canceled, codes.Unavailable:
			return
		default:
			// A refusal is an answer.
			l.pulse.beat()
			return
		}
	}
}

// watch gives a call up, by cancel, where the sidecar has been silent for long: so
// one that works for long is told from one that hangs. It ends with ctx.
func (l *link) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	select {
	case <-ctx.Done():
	case <-l.pulse.gaveUp():
		cancel(errHangs)
	}
}
