package backend

import (
	"context"
	"encoding/json"
	"maps"
	"runtime/debug"
	"sync"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecar"
)

// Of the contract: what entries that go with a call come to.
const mostPrefetched = 1 << 20

// secretTypeKey is where the framework keeps a lease's type in its internal data.
const secretTypeKey = "secret_type"

var operations = map[logical.Operation]pb.Operation{
	logical.CreateOperation: pb.Operation_OPERATION_CREATE,
	logical.ReadOperation:   pb.Operation_OPERATION_READ,
	logical.UpdateOperation: pb.Operation_OPERATION_UPDATE,
	logical.DeleteOperation: pb.Operation_OPERATION_DELETE,
	logical.ListOperation:   pb.Operation_OPERATION_LIST,
	logical.RenewOperation:  pb.Operation_OPERATION_RENEW,
	logical.RevokeOperation: pb.Operation_OPERATION_REVOKE,
}

// pathCall returns the call for an operation of a path.
func (m *mount) pathCall(ctx context.Context, req *logical.Request, data *framework.FieldData, path *pb.Path) (*pb.Call, error) {
	captured, err := captures(data, path)
	if err != nil {
		return nil, err
	}
	if err := tooLongCapture(path, captured); err != nil {
		return nil, err
	}
	fields, err := sentFields(req, data, captured)
	if err != nil {
		return nil, err
	}
	return &pb.Call{
		Mount:       m.facts(false),
		Operation:   operations[req.Operation],
		RequestId:   req.ID,
		PathId:      path.GetId(),
		Captures:    captured,
		FieldsJson:  fields,
		DisplayName: cut(req.DisplayName, longestDisplayName),
		EntityId:    cut(req.EntityID, longestEntityID),
		Prefetched: m.prefetch(ctx, req.Storage, path.GetPrefetch(), func(name string) (string, bool) {
			text, ok := captured[name]
			return text, ok
		}),
	}, nil
}

func captures(data *framework.FieldData, path *pb.Path) (map[string]string, error) {
	captured := map[string]string{}
	for _, name := range descriptor.Captures(path) {
		value, ok, err := data.GetOkErr(name)
		if err != nil {
			return nil, err
		}
		if text, isText := value.(string); ok && isText {
			captured[name] = text
		}
	}
	return captured, nil
}

// sentFields returns what the caller sent, and nothing else: an update must be
// able to leave things out.
func sentFields(req *logical.Request, data *framework.FieldData, captured map[string]string) ([]byte, error) {
	fields := map[string]any{}
	for name := range req.Data {
		_, isCapture := captured[name]
		if data.Schema[name] == nil || isCapture {
			continue
		}
		value, ok, err := data.GetOkErr(name)
		if err != nil {
			return nil, err
		}
		if ok {
			fields[name] = withoutNil(value)
		}
	}
	return json.Marshal(fields)
}

// withoutNil keeps an object that the caller gave as null an object.
func withoutNil(value any) any {
	switch object := value.(type) {
	case map[string]any:
		if object == nil {
			return map[string]any{}
		}
	case map[string]string:
		if object == nil {
			return map[string]string{}
		}
	}
	return value
}

// leaseCall returns the call for a renew or a revoke.
func (m *mount) leaseCall(ctx context.Context, req *logical.Request, secret *pb.SecretType) (*pb.Call, error) {
	internal := withoutSecretType(req.Secret.InternalData)
	text, err := json.Marshal(internal)
	if err != nil {
		return nil, err
	}
	leased := &pb.LeasedSecret{
		SecretType:       secret.GetId(),
		InternalDataJson: text,
		Ttl:              durationpb.New(req.Secret.TTL),
		MaxTtl:           durationpb.New(req.Secret.MaxTTL),
		Increment:        durationpb.New(req.Secret.Increment),
		Renewable:        req.Secret.Renewable,
	}
	if !req.Secret.IssueTime.IsZero() {
		leased.IssueTime = timestamppb.New(req.Secret.IssueTime)
	}
	return &pb.Call{
		Mount:     m.facts(req.Operation == logical.RevokeOperation),
		Operation: operations[req.Operation],
		Secret:    leased,
		Prefetched: m.prefetch(ctx, req.Storage, secret.GetPrefetch(), func(name string) (string, bool) {
			text, ok := internal[name].(string)
			return text, ok
		}),
	}, nil
}

// withoutSecretType returns what the sidecar once made of the internal data.
func withoutSecretType(internal map[string]any) map[string]any {
	own := maps.Clone(internal)
	delete(own, secretTypeKey)
	return own
}

// prefetch reads what goes with a call, all at once, since each is a round trip.
// What cannot be named or read, or is large, is left out: the sidecar asks for it
// itself.
func (m *mount) prefetch(ctx context.Context, storage logical.Storage, templates []string, value func(string) (string, bool)) []*pb.StorageEntry {
	if storage == nil {
		return nil
	}
	read := make([]*pb.StorageEntry, len(templates))
	var reads sync.WaitGroup
	for i, template := range templates {
		key, ok := descriptor.Expand(template, value)
		if !ok {
			continue
		}
		reads.Add(1)
		go func() {
			defer reads.Done()
			defer func() {
				if recover() != nil {
					m.Logger().Error("reading ahead met a bug in the plugin", "stack", string(debug.Stack()))
				}
			}()
			if entry, err := storage.Get(ctx, key); err == nil {
				read[i] = sidecar.Prefetched(key, entry)
			}
		}()
	}
	reads.Wait()
	var found []*pb.StorageEntry
	size := 0
	for _, entry := range read {
		if entry != nil && size+len(entry.GetValue()) <= mostPrefetched {
			size += len(entry.GetValue())
			found = append(found, entry)
		}
	}
	return found
}
