package sidecar

import (
	"context"
	"runtime/debug"
	"sync"

	"github.com/hashicorp/go-hclog"

	"genesysvault.dev/plugin-shim/internal/pb"
)

type sender interface {
	Send(*pb.ShimFrame) error
}

// lent answers the ops of one stream: concurrently, and within the window.
type lent struct {
	ctx      context.Context
	stream   sender
	sending  sync.Mutex
	host     Host
	writable bool
	window   window
	tasks    sync.WaitGroup
	logger   hclog.Logger
}

func newLent(ctx context.Context, stream sender, host Host, writable bool, logger hclog.Logger) *lent {
	return &lent{ctx: ctx, stream: stream, host: host, writable: writable, logger: logger}
}

// send is for one frame at a time, which gRPC leaves to its callers.
func (l *lent) send(frame *pb.ShimFrame) error {
	l.sending.Lock()
	defer l.sending.Unlock()
	return l.stream.Send(frame)
}

// wait returns when no op is under way.
func (l *lent) wait() {
	l.tasks.Wait()
}

// answer takes a frame of the sidecar; the receiving goroutine alone calls it.
func (l *lent) answer(frame *pb.SidecarFrame) {
	switch {
	case frame.GetStorageOp() != nil:
		op := frame.GetStorageOp()
		l.run(op.GetOpId(), func(failed pb.StorageReply_Failure_Kind, why string) *pb.ShimFrame {
			reply := &pb.StorageReply{OpId: op.GetOpId()}
			if failed != toDo {
				fail(reply, failed, why)
			} else {
				l.storage(op, reply)
			}
			return &pb.ShimFrame{Frame: &pb.ShimFrame_StorageReply{StorageReply: reply}}
		})
	case frame.GetSystemOp() != nil:
		op := frame.GetSystemOp()
		l.run(op.GetOpId(), func(failed pb.StorageReply_Failure_Kind, why string) *pb.ShimFrame {
			reply := &pb.SystemReply{OpId: op.GetOpId()}
			if failed != toDo {
				failSystem(reply, false, why)
			} else {
				l.system(op, reply)
			}
			return &pb.ShimFrame{Frame: &pb.ShimFrame_SystemReply{SystemReply: reply}}
		})
	default:
		l.logger.Warn("the sidecar sent a frame that this stream does not know")
	}
}

// toDo is no failure yet.
const toDo = pb.StorageReply_Failure_KIND_UNSPECIFIED

// replier does an op and makes the frame that answers it; or only the frame,
// when something else has failed.
type replier func(failed pb.StorageReply_Failure_Kind, why string) *pb.ShimFrame

func (l *lent) run(id uint64, reply replier) {
	if refusal := l.window.enter(id); refusal != "" {
		_ = l.send(reply(pb.StorageReply_Failure_KIND_REFUSED, refusal))
		return
	}
	l.tasks.Add(1)
	go func() {
		defer l.tasks.Done()
		frame := l.guarded(reply)
		// Before the reply, which is what makes the sidecar send its next op.
		l.window.leave()
		// A stream that is gone is seen by its receiver.
		_ = l.send(frame)
	}()
}

// guarded keeps a panic from ending the process, which serves all mounts.
func (l *lent) guarded(reply replier) (frame *pb.ShimFrame) {
	defer func() {
		if recover() != nil {
			l.logger.Error("an op of the sidecar met a bug in the plugin", "stack", string(debug.Stack()))
			frame = reply(pb.StorageReply_Failure_KIND_OTHER, "the plugin met a bug; Vault's log has the details")
		}
	}()
	return reply(toDo, "")
}
