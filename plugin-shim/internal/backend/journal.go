package backend

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	journalVersion = 1
	// What a write to storage and the answer to Vault need.
	journalReserve = 5 * time.Second
)

// journalEntry is a revoke that the sidecar did not answer: JournalEntry of the
// contract.
type journalEntry struct {
	Version       int            `json:"version"`
	SecretType    string         `json:"secret_type"`
	InternalData  map[string]any `json:"internal_data"`
	IssueTime     string         `json:"issue_time,omitempty"`
	JournaledTime string         `json:"journaled_time"`
}

// revokeResult has the sidecar revoke a lease. Where it does not answer and the
// lease allows that, the revoke is written down instead, and the result is nil
// without an error: Vault tries six times within ten minutes, and then gives a
// lease up.
func (m *mount) revokeResult(ctx context.Context, req *logical.Request, secret *pb.SecretType, call *pb.Call) (*pb.Result, error) {
	key, ok := m.journalKey(req, secret, call)
	if !ok {
		return m.client.Serve(ctx, call, m.host(req.Storage))
	}
	asked, cancel := keeping(ctx, journalReserve)
	defer cancel()
	result, unanswered := m.client.ServeSoon(asked, call, m.host(req.Storage))
	if unanswered == nil {
		return result, nil
	}
	if ctx.Err() != nil {
		// Nobody waits for an answer, so Vault keeps the lease.
		return nil, unanswered
	}
	if err := m.writeDown(ctx, req, secret, key, unanswered); err != nil {
		return nil, logical.CodedError(http.StatusServiceUnavailable, fmt.Sprintf("%s; the revoke could not be written down either: %s", unanswered, err))
	}
	return nil, nil
}

// keeping returns a context that ends early enough for what must follow.
func keeping(ctx context.Context, reserve time.Duration) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(reserve, time.Until(deadline)/2)))
}

// journalKey returns where a revoke may be written down. What Vault does not say
// for certain counts as a no.
func (m *mount) journalKey(req *logical.Request, secret *pb.SecretType, call *pb.Call) (string, bool) {
	facts := call.GetMount()
	allowed, _ := req.Secret.InternalData[secret.GetJournalAllowedBy()].(bool)
	if secret.GetJournalKey() == "" || !allowed || !facts.GetWritable() || facts.Tainted == nil || facts.GetTainted() {
		return "", false
	}
	return descriptor.Expand(secret.GetJournalKey(), func(name string) (string, bool) {
		text, isText := req.Secret.InternalData[name].(string)
		return text, isText
	})
}

func (m *mount) writeDown(ctx context.Context, req *logical.Request, secret *pb.SecretType, key string, why error) error {
	entry := journalEntry{
		Version:       journalVersion,
		SecretType:    secret.GetId(),
		InternalData:  withoutSecretType(req.Secret.InternalData),
		JournaledTime: m.now().UTC().Format(time.RFC3339),
	}
	if !req.Secret.IssueTime.IsZero() {
		entry.IssueTime = req.Secret.IssueTime.UTC().Format(time.RFC3339Nano)
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	if err := req.Storage.Put(ctx, &logical.StorageEntry{Key: key, Value: text}); err != nil {
		return err
	}
	// A mount that is disabled from now on still revokes or drains what it holds;
	// one that was being disabled already may wipe the entry unread.
	if tainted := m.tainted(); tainted == nil || *tainted {
		_ = req.Storage.Delete(ctx, key)
		return fmt.Errorf("the mount is being disabled, or Vault could not say")
	}
	m.noteJournaled(why)
	return nil
}

// noteJournaled logs without the lock: who waits for a log waits alone.
func (m *mount) noteJournaled(why error) {
	m.mu.Lock()
	m.journaled++
	m.journaledLately++
	first, session := m.journaledLately == 1, m.session
	m.mu.Unlock()
	if session != nil {
		session.Changed()
	}
	if first {
		m.Logger().Warn("the sidecar does not answer: revokes are written down, and done when it does", "reason", why)
	}
}

func (m *mount) journalCount() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.journaled
}
