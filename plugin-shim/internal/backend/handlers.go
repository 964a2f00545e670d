package backend

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecar"
	"genesysvault.dev/plugin-shim/internal/storagefault"
)

// serve has the sidecar answer one operation of a path.
func (m *mount) serve(ctx context.Context, req *logical.Request, data *framework.FieldData, path *pb.Path) (*logical.Response, error) {
	call, err := m.pathCall(ctx, req, data, path)
	if err != nil {
		return nil, err
	}
	result, err := m.answer(ctx, call, req.Storage, time.Duration(path.GetAnswerWithinMs())*time.Millisecond)
	var away *sidecar.Unavailable
	if path.GetAnsweredByShim() && errors.As(err, &away) {
		return m.answeredAlone(away), nil
	}
	if err != nil {
		return nil, err
	}
	return m.pathResponse(result, path)
}

// A node that stands by has somebody else to ask.
const standbyPatience = 3 * time.Second

// answer waits for the sidecar no longer than patience; zero: as long as the
// request lasts. Where this node stands by and its sidecar does not answer, the
// active node is to be asked: storage is read-only here, so that nothing was done.
func (m *mount) answer(ctx context.Context, call *pb.Call, storage logical.Storage, patience time.Duration) (*pb.Result, error) {
	if m.systemFacts().standby {
		limited, cancel := context.WithTimeout(ctx, standbyPatience)
		defer cancel()
		result, err := m.client.ServeSoon(limited, call, m.host(storage))
		var coded logical.HTTPCodedError
		if errors.As(err, &coded) && coded.Code() == http.StatusServiceUnavailable {
			m.Logger().Debug("the sidecar of this standby does not answer, and the active node is asked", "error", err)
			return nil, logical.ErrPerfStandbyPleaseForward
		}
		return result, err
	}
	if patience == 0 {
		return m.client.Serve(ctx, call, m.host(storage))
	}
	return m.client.ServeWithin(ctx, call, m.host(storage), patience)
}

// exists answers an existence check from storage, so that it needs no sidecar.
func (m *mount) exists(ctx context.Context, req *logical.Request, data *framework.FieldData, path *pb.Path) (bool, error) {
	captured, err := captures(data, path)
	if err != nil {
		return false, err
	}
	key, ok := descriptor.Expand(path.GetExistenceKey(), func(name string) (string, bool) {
		text, ok := captured[name]
		return text, ok
	})
	if !ok {
		return false, nil
	}
	entry, err := req.Storage.Get(ctx, key)
	if storagefault.Of(err) == storagefault.ReadOnly {
		// The request is going to be forwarded, and checked again there.
		return false, nil
	}
	return entry != nil, err
}

func (m *mount) renew(ctx context.Context, req *logical.Request, secret *pb.SecretType) (*logical.Response, error) {
	call, err := m.leaseCall(ctx, req, secret)
	if err != nil {
		return nil, err
	}
	result, err := m.client.Serve(ctx, call, m.host(req.Storage))
	if err != nil {
		return nil, err
	}
	return m.renewResponse(result, req.Secret, secret)
}

func (m *mount) revoke(ctx context.Context, req *logical.Request, secret *pb.SecretType) (*logical.Response, error) {
	call, err := m.leaseCall(ctx, req, secret)
	if err != nil {
		return nil, err
	}
	result, err := m.revokeResult(ctx, req, secret, call)
	if err != nil || result == nil {
		return nil, err
	}
	switch outcome := result.GetOutcome().(type) {
	case *pb.Result_Response, *pb.Result_Nothing_:
		return nil, nil
	case *pb.Result_Error:
		return m.refusal(outcome.Error)
	default:
		return nil, m.broken("a result without an outcome")
	}
}

// tick is Vault's minute. It never fails: Vault would log an error a minute for
// each mount as long as the sidecar is away.
func (m *mount) tick(ctx context.Context, req *logical.Request) error {
	m.attend(req.Storage)
	m.warnOfAbsence()
	facts := m.facts(true)
	if !facts.GetTainted() || !facts.GetWritable() {
		return nil
	}
	// The last one before Vault revokes the mount's leases.
	call := &pb.Call{Mount: facts, Operation: pb.Operation_OPERATION_ROLLBACK}
	asked, cancel := keeping(ctx, rollbackReserve)
	defer cancel()
	result, err := m.client.Serve(asked, call, m.host(req.Storage))
	switch {
	case err != nil:
		m.Logger().Warn("the mount is being disabled, and the sidecar did not finish its work", "error", err)
		m.nameRecords(ctx, req.Storage)
	case result.GetError() != nil:
		m.Logger().Warn("the mount is being disabled, and the sidecar did not finish its work", "error", result.GetError().GetMessage())
		m.nameRecords(ctx, req.Storage)
	default:
		for _, left := range result.GetResponse().GetWarnings() {
			m.Logger().Warn(somethingIsLeft, "what", left)
		}
	}
	return nil
}

const (
	somethingIsLeft = "the mount is being disabled, and something is left"
	mostNamed       = 1000
	// Vault revokes and wipes in the request in which it rolls back: a sidecar
	// that hangs must not use up all of its time.
	rollbackReserve = 10 * time.Second
	mostNaming      = 3 * time.Second
)

// nameRecords is all that can be done for what is about to be wiped while no
// sidecar drains the mount: a record's key is part of what it stands for, and a
// revoke that was written down says whom it is about.
func (m *mount) nameRecords(ctx context.Context, storage logical.Storage) {
	m.mu.Lock()
	known := m.named
	m.mu.Unlock()
	if known {
		return
	}
	listed := true
	// What is read must leave Vault time for its revokes; what is not is named by its key.
	reads, cancel := context.WithTimeout(ctx, mostNaming)
	defer cancel()
	for _, prefix := range m.journalPrefixes {
		listed = m.nameBelow(ctx, storage, prefix, func(key string) { m.nameRevoke(reads, storage, key) }) && listed
	}
	if m.recordsPrefix != "" {
		listed = m.nameBelow(ctx, storage, m.recordsPrefix, func(key string) { m.Logger().Warn(somethingIsLeft, "what", key) }) && listed
	}
	m.mu.Lock()
	m.named = listed
	m.mu.Unlock()
}

// nameBelow has every entry below a prefix named, and reports whether they could
// be listed.
func (m *mount) nameBelow(ctx context.Context, storage logical.Storage, prefix string, name func(key string)) bool {
	keys, err := storage.List(ctx, prefix)
	if err != nil {
		m.Logger().Warn("the mount is being disabled, and its entries could not be listed", "prefix", prefix, "error", err)
		return false
	}
	for _, key := range keys[:min(len(keys), mostNamed)] {
		name(prefix + key)
	}
	if len(keys) > mostNamed {
		m.Logger().Warn(somethingIsLeft, "prefix", prefix, "more", len(keys)-mostNamed)
	}
	return true
}

// nameRevoke shows the lease's internal data, which holds no secret.
func (m *mount) nameRevoke(ctx context.Context, storage logical.Storage, key string) {
	var revoke journalEntry
	err := ctx.Err()
	if err == nil {
		var entry *logical.StorageEntry
		if entry, err = storage.Get(ctx, key); err == nil && entry != nil {
			err = json.Unmarshal(entry.Value, &revoke)
		}
	}
	if err != nil {
		m.Logger().Warn(somethingIsLeft, "what", key, "error", err)
		return
	}
	lease, _ := json.Marshal(revoke.InternalData)
	m.Logger().Warn(somethingIsLeft, "what", key, "lease", string(lease))
}
