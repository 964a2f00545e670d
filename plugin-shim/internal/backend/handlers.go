package backend

import (
	"context"
	"strings"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
)

// serve has the sidecar answer one operation of a path.
func (m *mount) serve(ctx context.Context, req *logical.Request, data *framework.FieldData, path *pb.Path) (*logical.Response, error) {
	call, err := m.pathCall(ctx, req, data, path)
	if err != nil {
		return nil, err
	}
	result, err := m.client.Serve(ctx, call, m.host(req.Storage))
	if err != nil {
		return nil, err
	}
	return m.pathResponse(result, path)
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
	if err != nil && strings.Contains(err.Error(), logical.ErrReadOnly.Error()) {
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
	facts := m.facts(true)
	if !facts.GetTainted() || !facts.GetWritable() {
		return nil
	}
	// The last one before Vault revokes the mount's leases.
	call := &pb.Call{Mount: facts, Operation: pb.Operation_OPERATION_ROLLBACK}
	result, err := m.client.Serve(ctx, call, m.host(req.Storage))
	switch {
	case err != nil:
		m.Logger().Warn("the mount is being disabled, and the sidecar did not finish its work", "error", err)
		m.nameRecords(ctx, req.Storage)
	case result.GetError() != nil:
		m.Logger().Warn("the mount is being disabled, and the sidecar did not finish its work", "error", result.GetError().GetMessage())
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
)

// nameRecords is all that can be done for records that are about to be wiped
// while no sidecar answers: their keys are part of what they stand for.
func (m *mount) nameRecords(ctx context.Context, storage logical.Storage) {
	prefix := m.recordsPrefix
	m.mu.Lock()
	known := m.named
	m.mu.Unlock()
	if prefix == "" || known {
		return
	}
	keys, err := storage.List(ctx, prefix)
	if err != nil {
		m.Logger().Warn("the mount is being disabled, and its records could not be listed", "prefix", prefix, "error", err)
		return
	}
	for _, key := range keys[:min(len(keys), mostNamed)] {
		m.Logger().Warn(somethingIsLeft, "what", prefix+key)
	}
	if len(keys) > mostNamed {
		m.Logger().Warn(somethingIsLeft, "more", len(keys)-mostNamed)
	}
	m.mu.Lock()
	m.named = true
	m.mu.Unlock()
}
