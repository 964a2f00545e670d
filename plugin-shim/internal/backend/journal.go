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
	// What becomes of a revoke that is told to have failed.
	goesOn = "the revoke is written down, and done once the sidecar answers, whatever becomes of the lease. " +
		"Vault keeps the lease until then, and tries again by itself unless this revoke was one with -sync, or its sixth try; a revoke after that succeeds"
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

// revokeResult has the sidecar revoke a lease. A revoke that it does not answer is
// written down, so that it is done whatever becomes of the lease: Vault does not
// repeat one that was made with -sync, forgets the lease of one with -force, and
// gives any lease up after six attempts within ten minutes. Where the lease allows
// that, the revoke then counts as done, and the result is nil without an error.
func (m *mount) revokeResult(ctx context.Context, req *logical.Request, secret *pb.SecretType, call *pb.Call) (*pb.Result, error) {
	key, ok := m.journalKey(req, secret, call)
	if !ok {
		return m.client.Serve(ctx, call, m.host(req.Storage))
	}
	promised, _ := req.Secret.InternalData[secret.GetJournalPromisedBy()].(bool)
	serve := m.client.ServePatiently
	if promised {
		serve = m.client.ServeSoon
	}
	asked, cancel := keeping(ctx, journalReserve)
	defer cancel()
	result, unanswered := serve(asked, call, m.host(req.Storage))
	if unanswered == nil {
		return result, nil
	}
	if ctx.Err() != nil {
		// Nobody waits for an answer, so Vault keeps the lease.
		return nil, unanswered
	}
	if err := m.writeDown(ctx, req, secret, key, unanswered); err != nil {
		return nil, logical.CodedError(http.StatusServiceUnavailable, fmt.Sprintf("%s; %s", unanswered, err))
	}
	if !promised {
		return nil, logical.CodedError(http.StatusServiceUnavailable, fmt.Sprintf("%s; %s", unanswered, goesOn))
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
	if secret.GetJournalKey() == "" || !facts.GetWritable() || facts.Tainted == nil || facts.GetTainted() {
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
	err = req.Storage.Put(ctx, &logical.StorageEntry{Key: key, Value: text})
	m.noteJournaled(err, why)
	if err != nil {
		return fmt.Errorf("the revoke could not be written down either: %w", err)
	}
	// A mount that is disabled from now on still revokes or drains what it holds;
	// one that was being disabled already may wipe the entry unread. It stays: an
	// earlier revoke may have written it, whose lease Vault has forgotten.
	if tainted := m.tainted(); tainted == nil || *tainted {
		return fmt.Errorf("the revoke is written down, and may be lost all the same: the mount is being disabled, or Vault could not say")
	}
	return nil
}

// noteJournaled has the session look at the journal, also where the write failed:
// it may have come about. It logs without the lock: who waits for a log waits alone.
func (m *mount) noteJournaled(failed, why error) {
	m.mu.Lock()
	m.journaled++
	if failed == nil {
		m.journaledLately++
	}
	first, session := failed == nil && m.journaledLately == 1, m.session
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
