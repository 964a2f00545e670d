package sidecar

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// errHangs is why a call is given up whose sidecar answers nobody.
var errHangs = errors.New("the sidecar answers nobody")

// How much less patience there is for a sidecar that has not answered the last
// question whether it is there.
const doubtful = 5

// pulse knows whether the sidecar of a link answers anybody.
type pulse struct {
	// When it last sent a frame, or said that it is there, in nanoseconds of Unix
	// time; zero: never.
	heard atomic.Int64
	// Since when the last question whether it is there has had no answer, in the
	// same way; zero: it had one.
	missed atomic.Int64
	// Held by who asks.
	asking chan struct{}
}

func newPulse() *pulse {
	return &pulse{asking: make(chan struct{}, 1)}
}

func (p *pulse) beat() {
	p.heard.Store(time.Now().UnixNano())
	p.missed.Store(0)
}

// quietSince returns since when nothing was heard by who began to listen then.
func (p *pulse) quietSince(began time.Time) time.Time {
	if heard := time.Unix(0, p.heard.Load()); heard.After(began) {
		return heard
	}
	return began
}

// watch gives a call up, by cancel, where the sidecar says nothing to anybody and
// does not say that it is there when it is asked: so one that works for long is
// told from one that hangs. It ends with ctx.
func (c *Client) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	began, p := time.Now(), c.link.pulse
	for {
		if left := c.patience(p.missed.Load()) - time.Since(p.quietSince(began)); left > 0 {
			if !pause(ctx, left) {
				return
			}
			continue
		}
		select {
		case p.asking <- struct{}{}:
		case <-ctx.Done():
			return
		}
		there := c.there(ctx)
		<-p.asking
		if ctx.Err() != nil {
			return
		}
		if !there {
			cancel(errHangs)
			return
		}
	}
}

// patience returns how long the sidecar may be silent which has owed an answer
// since then; zero: it owes none. Whoever found it silent need not be outwaited; it
// may be back, though.
func (c *Client) patience(missed int64) time.Duration {
	if missed != 0 {
		return c.options.Suspicion / doubtful
	}
	return c.options.Suspicion
}

// there asks the sidecar whether it is there, unless somebody has heard of it
// meanwhile.
func (c *Client) there(ctx context.Context) bool {
	p := c.link.pulse
	if time.Since(time.Unix(0, p.heard.Load())) < c.options.Suspicion {
		return true
	}
	missed := p.missed.Load()
	patience := c.patience(missed)
	if missed != 0 && time.Since(time.Unix(0, missed)) < patience {
		// Somebody has just asked.
		return false
	}
	asked, stop := context.WithTimeout(ctx, patience)
	defer stop()
	_, err := c.hello(asked)
	if asked.Err() == nil || err == nil {
		// A refusal is an answer, and a connection that broke ends the stream by itself.
		p.beat()
		return true
	}
	if ctx.Err() == nil {
		p.missed.Store(time.Now().UnixNano())
	}
	return false
}

// silence says in words since when the sidecar has answered nobody.
func (p *pulse) silence(began time.Time) string {
	since := p.quietSince(began)
	return fmt.Sprintf("the sidecar does not answer since %s, for %s",
		since.UTC().Format(time.RFC3339), time.Since(since).Round(time.Second))
}
