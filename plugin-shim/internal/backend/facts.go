package backend

import (
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"google.golang.org/protobuf/types/known/durationpb"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// Each fact costs a round trip to Vault, and changes when an operator tunes the
// mount or another node takes over.
const factsLast = 10 * time.Second

type cachedFacts struct {
	readAt   time.Time
	standard time.Duration
	longest  time.Duration
	writable bool
	// Whether this node stands by and answers reads itself.
	standby bool
}

// facts returns what Vault knows of the mount. withTainted asks, afresh, whether
// it is being disabled or moved. Once that was so, it is asked each time until it
// is over: what the sidecar stopped for it goes on with the next request.
func (m *mount) facts(withTainted bool) *pb.MountFacts {
	known := m.systemFacts()
	facts := &pb.MountFacts{Uuid: m.uuid, Writable: known.writable}
	m.mu.Lock()
	facts.Path, facts.Accessor = m.path, m.accessor
	withTainted = withTainted || m.wasTainted
	m.mu.Unlock()
	if known.standard > 0 {
		facts.DefaultLeaseTtl = durationpb.New(known.standard)
	}
	if known.longest > 0 {
		facts.MaxLeaseTtl = durationpb.New(known.longest)
	}
	if withTainted {
		facts.Tainted = m.tainted()
	}
	return facts
}

func (m *mount) systemFacts() cachedFacts {
	m.mu.Lock()
	known := m.cached
	m.mu.Unlock()
	if !known.readAt.IsZero() && m.now().Sub(known.readAt) < factsLast {
		return known
	}
	system := m.System()
	if system == nil {
		return cachedFacts{}
	}
	// A plugin's system view answers zero where Vault could not be asked.
	state := system.ReplicationState()
	fresh := cachedFacts{readAt: m.now(), standard: system.DefaultLeaseTTL(), longest: system.MaxLeaseTTL()}
	fresh.standby = state.HasState(consts.ReplicationPerformanceStandby)
	fresh.writable = state != consts.ReplicationUnknown &&
		!state.HasState(consts.ReplicationDRSecondary) &&
		!fresh.standby &&
		(!state.HasState(consts.ReplicationPerformanceSecondary) || system.LocalMount())
	if !fresh.writable {
		m.kept.Clear()
	}
	if state != consts.ReplicationUnknown && fresh.standard > 0 && fresh.longest > 0 {
		m.mu.Lock()
		m.cached = fresh
		m.mu.Unlock()
	}
	return fresh
}

// tainted returns nil where Vault could not be asked. "No" looks like a failure,
// so that it counts only where a question that is never answered with zero is
// answered right after it.
func (m *mount) tainted() *bool {
	system := m.System()
	if system == nil {
		return nil
	}
	tainted := system.Tainted()
	if !tainted && system.MaxLeaseTTL() == 0 {
		return nil
	}
	m.mu.Lock()
	m.wasTainted = tainted
	m.mu.Unlock()
	return &tainted
}
