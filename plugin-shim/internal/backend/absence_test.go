package backend

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func TestTheLogWarnsOfASessionThatIsNotOpenAfterFiveMinutesAndAQuarterOfAnHourApart(t *testing.T) {
	begin := time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	var minutes atomic.Int64
	r := newRigOf(t, embedded(t), "mount-1", sidecartest.Socket(t), func(o *Options) {
		o.Now = func() time.Time { return begin.Add(time.Duration(minutes.Load()) * time.Minute) }
	})
	b, log := r.logging()
	tick := func() {
		if _, err := b.HandleRequest(t.Context(), r.request(logical.RollbackOperation, "", nil)); err != nil {
			t.Fatal(err)
		}
	}
	tick()
	sidecartest.Eventually(t, "the session is missed", func() bool {
		since, reason := b.(*mount).session.Absence()
		return !since.IsZero() && reason != ""
	})
	warnings := map[int]int{4: 0, 5: 1, 6: 1, 19: 1, 20: 2, 34: 2, 35: 3}
	for minute := 1; minute <= 35; minute++ {
		minutes.Store(int64(minute))
		tick()
		if want, there := warnings[minute]; there {
			same(t, "warnings", strings.Count(log.String(), "background session is not open"), want)
		}
	}
	if text := log.String(); !strings.Contains(text, "since=2026-03-01T11:00:00Z") || !strings.Contains(text, r.socket) {
		t.Errorf("the log says %s", text)
	}
}
