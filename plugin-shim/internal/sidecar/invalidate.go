package sidecar

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	// Beyond it, the sidecar has been away for so long that it comes back empty.
	mostInvalidKeys     = 65536
	invalidKeysAtATime  = 1000
	invalidateTimeout   = 5 * time.Second
	instanceNotReported = ""
)

// invalidations are the keys that the sidecar has not been told of yet.
type invalidations struct {
	mu      sync.Mutex
	keys    map[string]bool
	sending bool
}

// Invalidate tells the sidecar, in the background, that another node changed a
// key. It never waits; what fails is sent again until the client is closed.
func (c *Client) Invalidate(mountUUID, key string, instance func(id string)) {
	c.invalid.mu.Lock()
	defer c.invalid.mu.Unlock()
	if c.invalid.keys == nil {
		c.invalid.keys = map[string]bool{}
	}
	if len(c.invalid.keys) >= mostInvalidKeys && !c.invalid.keys[key] {
		c.options.Logger.Error("the sidecar is not told of a changed key: too many wait for it", "waiting", len(c.invalid.keys))
		return
	}
	c.invalid.keys[key] = true
	if !c.invalid.sending && c.ctx.Err() == nil {
		c.invalid.sending = true
		go c.sendInvalid(mountUUID, instance)
	}
}

func (c *Client) sendInvalid(mountUUID string, instance func(id string)) {
	defer func() {
		if recover() != nil {
			c.options.Logger.Error("an invalidation met a bug in the plugin", "stack", string(debug.Stack()))
			c.invalid.mu.Lock()
			c.invalid.sending = false
			c.invalid.mu.Unlock()
		}
	}()
	wait := c.options.FirstRetry
	for {
		keys := c.takeInvalid()
		if len(keys) == 0 {
			return
		}
		id, err := c.invalidateOnce(mountUUID, keys)
		if err == nil {
			wait = c.options.FirstRetry
			if instance != nil && id != instanceNotReported {
				instance(id)
			}
			continue
		}
		c.returnInvalid(keys)
		if c.ctx.Err() == nil {
			c.options.Logger.Warn("the sidecar was not told of changed keys; it is tried again", "keys", len(keys), "error", err)
		}
		pause(c.ctx, wait)
		wait = min(2*wait, c.options.LongestRetry)
	}
}

func (c *Client) invalidateOnce(mountUUID string, keys []string) (string, error) {
	if err := c.link.ready(c.ctx); err != nil {
		return instanceNotReported, err
	}
	ctx, cancel := context.WithTimeout(c.ctx, invalidateTimeout)
	defer cancel()
	reply, err := c.link.api.Invalidate(ctx, &pb.InvalidateRequest{MountUuid: mountUUID, Keys: keys})
	return reply.GetInstanceId(), err
}

// takeInvalid returns the next keys; none ends the sending.
func (c *Client) takeInvalid() []string {
	c.invalid.mu.Lock()
	defer c.invalid.mu.Unlock()
	var keys []string
	if c.ctx.Err() == nil {
		for key := range c.invalid.keys {
			if len(keys) == invalidKeysAtATime {
				break
			}
			keys = append(keys, key)
			delete(c.invalid.keys, key)
		}
	}
	c.invalid.sending = len(keys) > 0
	slices.Sort(keys)
	return keys
}

func (c *Client) returnInvalid(keys []string) {
	c.invalid.mu.Lock()
	defer c.invalid.mu.Unlock()
	for _, key := range keys {
		c.invalid.keys[key] = true
	}
}
