package sidecar

import (
	"errors"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/storagefault"
)

// What a name has around it on the wire, at the most.
const nameFrame = 4

const badKey = "a key must be relative to the mount, and no folder"

func (l *lent) storage(op *pb.StorageOp, reply *pb.StorageReply) {
	if l.host.Storage == nil {
		fail(reply, pb.StorageReply_Failure_KIND_SETUP, "the mount has no storage yet")
		return
	}
	var err error
	switch {
	case op.GetGet() != nil:
		err = l.get(op.GetGet().GetKey(), reply)
	case op.GetGetMany() != nil:
		err = l.getMany(op.GetGetMany().GetKeys(), reply)
	case op.GetPut() != nil:
		err = l.put(op.GetPut(), reply)
	case op.GetDelete() != nil:
		err = l.write(op.GetDelete().GetKey(), reply, func(key string) error {
			return l.host.Storage.Delete(l.ctx, key)
		})
	case op.GetList() != nil:
		err = l.list(op.GetList().GetPrefix(), op.GetList().GetAfter(), reply)
	default:
		fail(reply, pb.StorageReply_Failure_KIND_REFUSED, "this plugin does not know such an op")
	}
	if err != nil {
		failStorage(reply, err)
	}
}

func (l *lent) get(key string, reply *pb.StorageReply) error {
	if !relative(key) {
		fail(reply, pb.StorageReply_Failure_KIND_REFUSED, badKey)
		return nil
	}
	entry, err := l.host.Storage.Get(l.ctx, key)
	if err != nil {
		return err
	}
	wire := Entry(key, entry)
	if !tooLarge(wire, reply) {
		reply.Reply = &pb.StorageReply_Entry{Entry: wire}
	}
	return nil
}

func (l *lent) put(put *pb.StorageOp_Put, reply *pb.StorageReply) error {
	if condition := put.GetCondition(); condition != nil && l.writable {
		if !relative(condition.GetKey()) {
			fail(reply, pb.StorageReply_Failure_KIND_REFUSED, badKey)
			return nil
		}
		holds, err := l.holds(condition)
		if err != nil {
			return err
		}
		if !holds {
			reply.Reply = &pb.StorageReply_Changed_{Changed: &pb.StorageReply_Changed{}}
			return nil
		}
	}
	return l.write(put.GetKey(), reply, func(key string) error {
		return l.host.Storage.Put(l.ctx, &logical.StorageEntry{Key: key, Value: put.GetValue()})
	})
}

// holds reads the entry, which is kept in the plugin where it is one that calls
// bring along.
func (l *lent) holds(condition *pb.StorageOp_Condition) (bool, error) {
	entry, err := l.host.Storage.Get(l.ctx, condition.GetKey())
	return err == nil && entry != nil && tag(entry.Value) == condition.GetTag(), err
}

func (l *lent) write(key string, reply *pb.StorageReply, act func(key string) error) error {
	switch {
	case !relative(key):
		fail(reply, pb.StorageReply_Failure_KIND_REFUSED, badKey)
		return nil
	case !l.writable:
		return logical.ErrReadOnly
	}
	if err := act(key); err != nil {
		return err
	}
	reply.Reply = &pb.StorageReply_Done_{Done: &pb.StorageReply_Done{}}
	return nil
}

func (l *lent) list(prefix, after string, reply *pb.StorageReply) error {
	if prefix != "" && (!strings.HasSuffix(prefix, "/") || !relative(strings.TrimSuffix(prefix, "/"))) {
		fail(reply, pb.StorageReply_Failure_KIND_REFUSED, "a prefix must be relative to the mount, and end in a slash")
		return nil
	}
	names, err := l.host.Storage.List(l.ctx, prefix)
	if err != nil {
		return err
	}
	reply.Reply = &pb.StorageReply_Keys_{Keys: page(names, after)}
	return nil
}

// page returns the names after one of them, as many as an answer has room for.
func page(names []string, after string) *pb.StorageReply_Keys {
	sorted := slices.Sorted(slices.Values(names))
	if after != "" {
		first, found := slices.BinarySearch(sorted, after)
		if found {
			first++
		}
		sorted = sorted[first:]
	}
	size := 0
	for i, name := range sorted {
		if size += len(name) + nameFrame; i > 0 && size > mostEntryBytes {
			return &pb.StorageReply_Keys{Names: sorted[:i], More: true}
		}
	}
	return &pb.StorageReply_Keys{Names: sorted}
}

// Entry returns the wire form of what a storage answered; nil is an entry that
// does not exist.
func Entry(key string, entry *logical.StorageEntry) *pb.StorageEntry {
	wire := &pb.StorageEntry{Key: key}
	if entry != nil {
		// Never nil, which would say that there is no entry.
		wire.Value = append([]byte{}, entry.Value...)
	}
	return wire
}

// tagSeed makes what stands for a value mean nothing to anybody else.
var tagSeed = maphash.MakeSeed()

func tag(value []byte) uint64 {
	return maphash.Bytes(tagSeed, value)
}

// Prefetched returns the wire form of what a call brings along: an entry on which
// a later write may depend.
func Prefetched(key string, entry *logical.StorageEntry) *pb.StorageEntry {
	wire := Entry(key, entry)
	if entry != nil {
		wire.Tag = proto.Uint64(tag(entry.Value))
	}
	return wire
}

func relative(key string) bool {
	return key != "" && !strings.HasPrefix(key, "/") && !strings.HasSuffix(key, "/") && !slices.Contains(strings.Split(key, "/"), "..")
}

func failStorage(reply *pb.StorageReply, err error) {
	kind := pb.StorageReply_Failure_KIND_OTHER
	switch storagefault.Of(err) {
	case storagefault.ReadOnly:
		kind = pb.StorageReply_Failure_KIND_READ_ONLY
	case storagefault.Setup:
		kind = pb.StorageReply_Failure_KIND_SETUP
	case storagefault.NotActive:
		kind = pb.StorageReply_Failure_KIND_NOT_ACTIVE
	}
	fail(reply, kind, err.Error())
}

func fail(reply *pb.StorageReply, kind pb.StorageReply_Failure_Kind, message string) {
	reply.Reply = &pb.StorageReply_Failure_{Failure: &pb.StorageReply_Failure{Kind: kind, Message: message}}
}

func (l *lent) system(op *pb.SystemOp, reply *pb.SystemReply) {
	event := op.GetSendEvent()
	if event == nil {
		failSystem(reply, true, "this plugin does not know such an op")
		return
	}
	if err := l.sendEvent(event); err != nil {
		unsupported := errors.Is(err, framework.ErrNoEvents) || status.Code(err) == codes.Unimplemented
		failSystem(reply, unsupported, err.Error())
		return
	}
	reply.Reply = &pb.SystemReply_Done_{Done: &pb.SystemReply_Done{}}
}

func (l *lent) sendEvent(event *pb.SystemOp_SendEvent) error {
	if l.host.Events == nil {
		return framework.ErrNoEvents
	}
	data, err := logical.NewEvent()
	if err != nil {
		return err
	}
	data.Metadata = &structpb.Struct{Fields: map[string]*structpb.Value{}}
	for name, text := range event.GetMetadata() {
		data.Metadata.Fields[name] = structpb.NewStringValue(text)
	}
	return l.host.Events.SendEvent(l.ctx, logical.EventType(event.GetEventType()), data)
}

func failSystem(reply *pb.SystemReply, unsupported bool, message string) {
	reply.Reply = &pb.SystemReply_Failure_{Failure: &pb.SystemReply_Failure{Unsupported: unsupported, Message: message}}
}
