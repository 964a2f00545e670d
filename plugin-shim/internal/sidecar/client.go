package sidecar

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// ProtocolVersion is the version of the contract that this package speaks.
const ProtocolVersion = 1

// Options says what a mount's client needs.
type Options struct {
	Target Target
	// The shim's own version, such as "v0.1.0".
	Version string
	// SHA-256 of the descriptor, 32 bytes.
	DescriptorSHA256 []byte
	// How long a request waits for a sidecar that is away. Zero: 3 s.
	Budget time.Duration
	// How long the sidecar may say nothing to anybody, asked whether it is there,
	// until calls are refused that have not begun; those under way are given up
	// after twice as long. Of the mounts of a process, the first one's. Zero: 5 s.
	Suspicion time.Duration
	// The first and the longest wait before a background session, or an
	// Invalidate, is tried again. Zero: 250 ms and 5 s.
	FirstRetry, LongestRetry time.Duration
	// The wait after a newer session took over. Zero: 30 s.
	AfterTakeover time.Duration
	// The clock that says since when a session is not open, and the sidecar silent.
	// Nil: the system's.
	Now    func() time.Time
	Logger hclog.Logger
}

// Client speaks with the sidecar for one mount. The connection is shared with
// the process's other mounts.
type Client struct {
	options Options
	link    *link
	ctx     context.Context
	cancel  context.CancelFunc
	closing sync.Once
	invalid invalidations
}

// Open returns a client. It does no I/O.
func Open(options Options) (*Client, error) {
	withDefault(&options.Budget, 3*time.Second)
	withDefault(&options.Suspicion, 5*time.Second)
	withDefault(&options.FirstRetry, 250*time.Millisecond)
	withDefault(&options.LongestRetry, 5*time.Second)
	withDefault(&options.AfterTakeover, 30*time.Second)
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Logger == nil {
		options.Logger = hclog.NewNullLogger()
	}
	shared, err := acquire(options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &Client{options: options, link: shared, ctx: ctx, cancel: cancel}, nil
}

// greeting is what the sidecar is asked with whether it is there.
func (o Options) greeting() *pb.HelloRequest {
	return &pb.HelloRequest{
		ProtocolVersion:  ProtocolVersion,
		DescriptorSha256: o.DescriptorSHA256,
		ShimVersion:      o.Version,
	}
}

func withDefault(value *time.Duration, standard time.Duration) {
	if *value <= 0 {
		*value = standard
	}
}

// Close ends all that the client does in the background and waits for nothing.
// The connection is closed with its last client.
func (c *Client) Close() {
	c.closing.Do(func() {
		c.cancel()
		c.link.release()
	})
}

// sign puts into a call what every stream begins with.
func (c *Client) sign(call *pb.Call) *pb.ShimFrame {
	call.ProtocolVersion = ProtocolVersion
	call.DescriptorSha256 = c.options.DescriptorSHA256
	call.ShimVersion = c.options.Version
	return &pb.ShimFrame{Frame: &pb.ShimFrame_Call{Call: call}}
}
