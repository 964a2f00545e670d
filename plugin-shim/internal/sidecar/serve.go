package sidecar

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	// Between two attempts on a connection that stands, and yet breaks streams.
	pauseBetweenAttempts = 50 * time.Millisecond
	// How long the sidecar may take to end a stream after its result.
	longestGoodbye = time.Second
)

// Host is what a stream lends to the sidecar, for as long as it lives.
type Host struct {
	// The mount's storage.
	Storage logical.Storage
	// Vault's event bus.
	Events logical.EventSender
	// Told the sidecar's instance id of each stream; may be nil.
	Instance func(id string)
	// How many revokes were written to the mount's journal; nil: none.
	Journaled func() uint64
}

// Serve has one request answered. It waits for a sidecar that is away as long as
// the budget and the context's deadline allow; its error is then a 503, and a
// refusal of the sidecar is no error but a result. When it returns, everything
// that it started has ended.
func (c *Client) Serve(ctx context.Context, call *pb.Call, host Host) (*pb.Result, error) {
	result, _, err := c.serve(ctx, call, host, c.options.Budget)
	return result, err
}

// ServeSoon is Serve for who has something better to do than wait for a sidecar
// that is away: it does so for a sixth of the budget, less what anybody has
// waited in vain already. One after another, a thousand calls wait no longer than
// the first one alone.
func (c *Client) ServeSoon(ctx context.Context, call *pb.Call, host Host) (*pb.Result, error) {
	result, _, err := c.serve(ctx, call, host, max(0, c.options.Budget/6-c.link.missedFor()))
	return result, err
}

// ServePatiently is ServeSoon with the whole budget.
func (c *Client) ServePatiently(ctx context.Context, call *pb.Call, host Host) (*pb.Result, error) {
	result, _, err := c.serve(ctx, call, host, max(0, c.options.Budget-c.link.missedFor()))
	return result, err
}

// ServeWithin is ServePatiently for what must not take longer than patience,
// whatever became of the sidecar: its 503 then says since when nobody answers.
func (c *Client) ServeWithin(ctx context.Context, call *pb.Call, host Host, patience time.Duration) (*pb.Result, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	asked := c.link.pulse.mark()
	result, sent, err := c.serve(limited, call, host, max(0, c.options.Budget-c.link.missedFor()))
	// Both ends count the same time: the stream may end just before the context.
	deadline, _ := limited.Deadline()
	if err != nil && sent && ctx.Err() == nil && time.Until(deadline) < patience/20 {
		return nil, c.unavailable(c.link.pulse.saidSince(asked), maybeBegun)
	}
	return result, err
}

// serve also reports whether the last attempt was sent.
func (c *Client) serve(ctx context.Context, call *pb.Call, host Host, patience time.Duration) (*pb.Result, bool, error) {
	frame := c.sign(call)
	wait, cancel := context.WithTimeout(ctx, within(ctx, patience))
	defer cancel()
	progress := nothingBegun
	for {
		if err := c.link.ready(wait); err != nil {
			if ctx.Err() == context.Canceled {
				return nil, false, context.Canceled
			}
			return nil, false, c.unavailable(c.link.away(), progress)
		}
		if _, words, silent := c.link.pulse.silence(); silent {
			return nil, false, c.unavailable(words, progress)
		}
		asked := c.link.pulse.mark()
		result, received, err := c.exchange(ctx, frame, host)
		if err == nil {
			return result, true, nil
		}
		progress = maybeBegun
		if received {
			progress = begun
		}
		if errors.Is(err, errHangs) {
			return nil, true, c.unavailable(c.link.pulse.saidSince(asked), progress)
		}
		again := !received && repeatable(call.GetOperation()) && status.Code(err) == codes.Unavailable
		if !again || !pause(wait, pauseBetweenAttempts) {
			return nil, true, c.explain(ctx, err, progress)
		}
	}
}

// within leaves a tenth of the caller's time, so that the 503 still arrives.
func within(ctx context.Context, patience time.Duration) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		left := time.Until(deadline)
		patience = min(patience, left-left/10)
	}
	return patience
}

// repeatable reports whether a call may be sent again when nothing came back.
// Writes may not: a sidecar that died may have acted on them. A read that issues
// a secret may: its request id joins the first attempt.
func repeatable(operation pb.Operation) bool {
	switch operation {
	case pb.Operation_OPERATION_READ, pb.Operation_OPERATION_LIST, pb.Operation_OPERATION_RENEW,
		pb.Operation_OPERATION_REVOKE, pb.Operation_OPERATION_ROLLBACK:
		return true
	default:
		return false
	}
}

// pause reports false when the context ended first.
func pause(ctx context.Context, length time.Duration) bool {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

var errNoResult = status.Error(codes.Internal, "the stream ended without a result")

// exchange is one attempt; received says whether the sidecar sent a frame.
func (c *Client) exchange(ctx context.Context, call *pb.ShimFrame, host Host) (result *pb.Result, received bool, err error) {
	ctx, giveUp := context.WithCancelCause(ctx)
	cancel := func() { giveUp(nil) }
	stream, err := c.link.api.Serve(ctx)
	if err != nil {
		cancel()
		return nil, false, err
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		c.link.watch(ctx, giveUp)
	}()
	lent := newLent(ctx, stream, host, call.GetCall().GetMount().GetWritable(), c.options.Logger)
	// Storage is lent no longer than the stream lives.
	defer func() {
		cancel()
		lent.wait()
		<-watched
	}()
	if err := lent.send(call); err != nil && !errors.Is(err, io.EOF) {
		return nil, false, err
	}
	for {
		frame, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			err = errNoResult
		}
		if err != nil && errors.Is(context.Cause(ctx), errHangs) {
			err = errHangs
		}
		if err != nil {
			return nil, received, err
		}
		c.link.pulse.beat()
		if !received && host.Instance != nil {
			host.Instance(frame.GetInstanceId())
		}
		received = true
		if result := frame.GetResult(); result != nil {
			goodbye(cancel, stream)
			return result, true, nil
		}
		lent.answer(frame)
	}
}

// goodbye lets the sidecar end the stream: cancelled at once, it would have to
// tell a success from an abort.
func goodbye(cancel context.CancelFunc, stream receiver) {
	timer := time.AfterFunc(longestGoodbye, cancel)
	defer timer.Stop()
	// Whatever follows a result is against the rules, and is not looked at.
	_, _ = stream.Recv()
}

type receiver interface {
	Recv() (*pb.SidecarFrame, error)
}
