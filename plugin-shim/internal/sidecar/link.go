package sidecar

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"

	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	// Of the contract.
	largestMessage = 4 << 20
	// Of one stream, and of all of them.
	windowBytes = 1 << 20
	// A sidecar that comes back is found within this time.
	longestReconnect = 250 * time.Millisecond
	// What gRPC waits for a connection that is made to be answered.
	longestHandshake = 2 * time.Second
)

// link is one connection to one target, shared by the mounts of a process.
type link struct {
	target Target
	conn   *grpc.ClientConn
	api    pb.SidecarClient
	// Why the last dial failed; nil after one that did not.
	failure atomic.Pointer[error]
	// Since when somebody has been waiting for the connection; nil while it stands.
	missed atomic.Pointer[time.Time]
	users  int
	pulse  *pulse
	// Ends the heartbeat, which begins with the first connection.
	ctx     context.Context
	cancel  context.CancelFunc
	beating sync.Once
	// Held by who asks whether the sidecar is there, and with what it asks.
	asking   chan struct{}
	greeting *pb.HelloRequest
	logger   hclog.Logger
}

// Vault runs all mounts of a multiplexed plugin in one process.
var links = struct {
	sync.Mutex
	open map[Target]*link
}{open: map[Target]*link{}}

// acquire does no I/O: registering, mounting and unsealing must work while the
// sidecar is away. What all mounts of a process have in common is the first one's.
func acquire(options Options) (*link, error) {
	target := options.Target
	links.Lock()
	defer links.Unlock()
	if shared := links.open[target]; shared != nil {
		shared.users++
		return shared, nil
	}
	made := &link{
		target: target, users: 1, pulse: newPulse(options.Suspicion, options.Now),
		asking: make(chan struct{}, 1), greeting: options.greeting(), logger: options.Logger,
	}
	conn, err := grpc.NewClient("passthrough:///sidecar",
		grpc.WithAuthority("localhost"),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(made.dial),
		grpc.WithNoProxy(),
		grpc.WithDisableServiceConfig(),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 20 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: longestReconnect},
			MinConnectTimeout: longestHandshake,
		}),
		// Windows of a size of their own: else each side measures the way between
		// the two processes with a ping for whatever arrives.
		grpc.WithInitialWindowSize(windowBytes),
		grpc.WithInitialConnWindowSize(windowBytes),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(largestMessage), grpc.MaxCallSendMsgSize(largestMessage)),
	)
	if err != nil {
		return nil, err
	}
	made.conn, made.api = conn, pb.NewSidecarClient(conn)
	made.ctx, made.cancel = context.WithCancel(context.Background())
	links.open[target] = made
	return made, nil
}

func (l *link) release() {
	links.Lock()
	l.users--
	last := l.users == 0
	if last {
		delete(links.open, l.target)
	}
	links.Unlock()
	if last {
		l.cancel()
		_ = l.conn.Close()
	}
}

func (l *link) dial(ctx context.Context, _ string) (net.Conn, error) {
	conn, err := l.target.dial(ctx)
	if err != nil {
		l.failure.Store(&err)
		return nil, err
	}
	l.failure.Store(nil)
	return conn, nil
}

var errClosed = errors.New("the mount was closed")

// ready waits until the connection stands.
func (l *link) ready(ctx context.Context) error {
	for {
		state := l.conn.GetState()
		switch state {
		case connectivity.Ready:
			l.missed.Store(nil)
			l.beating.Do(func() { go l.beat() })
			return nil
		case connectivity.Shutdown:
			return errClosed
		case connectivity.Idle:
			l.conn.Connect()
		}
		now := time.Now()
		l.missed.CompareAndSwap(nil, &now)
		if !l.conn.WaitForStateChange(ctx, state) {
			return ctx.Err()
		}
	}
}

// missedFor returns how long the connection has been waited for in vain; zero
// where it stands, or where nobody needed it since it last did.
func (l *link) missedFor() time.Duration {
	if since := l.missed.Load(); since != nil {
		return time.Since(*since)
	}
	return 0
}

// away says in words why the connection does not stand, and since when.
func (l *link) away() string {
	since := l.missed.Load()
	if since == nil {
		return l.whyNotReady()
	}
	return fmt.Sprintf("the sidecar cannot be reached since %s, for %s: %s",
		since.UTC().Format(time.RFC3339), time.Since(*since).Round(time.Second), l.whyNotReady())
}

// whyNotReady says in words why the connection does not stand.
func (l *link) whyNotReady() string {
	if failure := l.failure.Load(); failure != nil {
		return (*failure).Error()
	}
	if l.missedFor() > longestHandshake {
		return "it takes connections and says nothing"
	}
	return "the connection does not stand"
}
