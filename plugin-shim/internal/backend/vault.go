package backend

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/hashicorp/vault/sdk/logical"
)

const bugText = "the plugin met a bug; Vault's log has the details"

// recovered turns a panic into an error: it would end the process, which serves
// all mounts. What was thrown may hold a value of the request, so that only its
// type and the stack are logged.
func (m *mount) recovered(callback string, err *error) {
	if thrown := recover(); thrown != nil {
		m.Logger().Error("the plugin met a bug", "callback", callback, "thrown", fmt.Sprintf("%T", thrown), "stack", string(debug.Stack()))
		*err = logical.CodedError(http.StatusInternalServerError, bugText)
	}
}

// Initialize starts the background session and returns at once. It never fails:
// Vault would take an error for a broken mount.
func (m *mount) Initialize(_ context.Context, req *logical.InitializationRequest) error {
	var bug error
	defer m.recovered("Initialize", &bug)
	if req != nil {
		if storage := m.watch(req.Storage); storage != nil {
			m.attend(storage)
		}
	}
	return nil
}

// HandleRequest answers one request.
func (m *mount) HandleRequest(ctx context.Context, req *logical.Request) (resp *logical.Response, err error) {
	defer m.recovered("HandleRequest", &err)
	m.noteRequest(req)
	if refusal := m.refusedInput(req); refusal != "" {
		return logical.ErrorResponse("%s", refusal), nil
	}
	through, storage := m.throughCache(req)
	resp, err = m.Backend.HandleRequest(ctx, through)
	onLease := req.Operation == logical.RevokeOperation || req.Operation == logical.RenewOperation
	if onLease && err != nil && storage != nil && storage.lost.Load() {
		return nil, askedAgain(err)
	}
	if req.Operation == logical.RevokeOperation {
		err = revocable(err)
	}
	return resp, err
}

// refusedInput says what is wrong with what a caller sent: sizes first, so that
// whatever looks at values has little to look at.
func (m *mount) refusedInput(req *logical.Request) string {
	if refusal := tooLongPath(req); refusal != "" {
		return refusal
	}
	if refusal := m.tooMuch(req); refusal != "" {
		return refusal
	}
	m.readJSONText(req)
	if refusal := m.tooMuch(req); refusal != "" {
		return refusal
	}
	return m.badInput(req)
}

// HandleExistenceCheck tells create from update. The path alone decides, so that
// what the framework says of a body that it cannot read, values included, stays
// unsaid.
func (m *mount) HandleExistenceCheck(ctx context.Context, req *logical.Request) (checked, exists bool, err error) {
	defer m.recovered("HandleExistenceCheck", &err)
	m.noteRequest(req)
	if refusal := tooLongPath(req); refusal != "" {
		return false, false, logical.CodedError(http.StatusBadRequest, refusal)
	}
	bare, _ := m.throughCache(req)
	bare.Data = nil
	return m.Backend.HandleExistenceCheck(ctx, bare)
}

// throughCache returns a request of its own, whose storage is behind the mount's
// cache, and that storage. A loaded snapshot is another one, and nil here.
func (m *mount) throughCache(req *logical.Request) (*logical.Request, *watched) {
	through := *req
	if req.RequiresSnapshotID != "" {
		return &through, nil
	}
	storage := m.watch(req.Storage)
	if storage != nil {
		through.Storage = storage
	}
	return &through, storage
}

// InvalidateKey forgets a key that another node changed, and passes that on.
func (m *mount) InvalidateKey(_ context.Context, key string) {
	var bug error
	defer m.recovered("InvalidateKey", &bug)
	m.kept.Drop(key)
	m.client.Invalidate(m.uuid, key, m.noteInstance)
}

// Cleanup ends the mount's background work and waits for nothing.
func (m *mount) Cleanup(context.Context) {
	var bug error
	defer m.recovered("Cleanup", &bug)
	m.close()
}

// revocable replaces the errors after which Vault gives a lease up for good.
func revocable(err error) error {
	switch err {
	case logical.ErrUnsupportedPath, logical.ErrUnsupportedOperation, logical.ErrInvalidRequest, logical.ErrUnrecoverable:
		return logical.CodedError(http.StatusInternalServerError, "the lease could not be revoked: "+err.Error())
	default:
		return err
	}
}
