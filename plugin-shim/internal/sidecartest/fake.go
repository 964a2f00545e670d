// Package sidecartest is a sidecar for tests: it listens on a real Unix socket
// and does what a test scripts.
package sidecartest

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// Sidecar is a scripted sidecar. Its members may be set before Start only.
type Sidecar struct {
	pb.UnimplementedSidecarServer

	// What Hello says, and the first frame of each stream.
	Version, InstanceID string
	// Answers Hello; nil: at once.
	OnHello func()
	// Refuses Hello once it is answered; nil: it is not.
	HelloError error
	// Serves one request; nil: every answer is Nothing.
	OnServe func(*Stream) error
	// Holds one background session; nil: until the shim ends it.
	OnAttend func(*Stream) error
	// Takes one Invalidate; nil: all is well.
	OnInvalidate func(*pb.InvalidateRequest) error
	// Connections accepted.
	Connections atomic.Int32

	server *grpc.Server
}

// Socket returns a new place for a socket.
func Socket(t testing.TB) string {
	t.Helper()
	// Shorter than t.TempDir, which a Unix socket's path has no room for.
	dir, err := os.MkdirTemp("", "shim")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s.sock")
}

// Start listens; the sidecar stops with the test at the latest.
func (s *Sidecar) Start(t testing.TB, socket string) *Sidecar {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	s.server = grpc.NewServer(grpc.MaxRecvMsgSize(32<<20), grpc.MaxSendMsgSize(32<<20))
	pb.RegisterSidecarServer(s.server, s)
	go func() { _ = s.server.Serve(counting{listener, &s.Connections}) }()
	t.Cleanup(s.Stop)
	return s
}

// Stop breaks every stream and every connection, as a killed sidecar does.
func (s *Sidecar) Stop() {
	s.server.Stop()
}

type counting struct {
	net.Listener
	accepted *atomic.Int32
}

func (l counting) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err == nil {
		l.accepted.Add(1)
	}
	return conn, err
}

// Hello implements the contract.
func (s *Sidecar) Hello(context.Context, *pb.HelloRequest) (*pb.HelloReply, error) {
	if s.OnHello != nil {
		s.OnHello()
	}
	if s.HelloError != nil {
		return nil, s.HelloError
	}
	return &pb.HelloReply{ProtocolVersions: []uint32{1}, SidecarVersion: s.Version, InstanceId: s.InstanceID}, nil
}

// Invalidate implements the contract.
func (s *Sidecar) Invalidate(_ context.Context, request *pb.InvalidateRequest) (*pb.InvalidateReply, error) {
	if s.OnInvalidate != nil {
		if err := s.OnInvalidate(request); err != nil {
			return nil, err
		}
	}
	return &pb.InvalidateReply{InstanceId: s.InstanceID}, nil
}

// Serve implements the contract.
func (s *Sidecar) Serve(wire grpc.BidiStreamingServer[pb.ShimFrame, pb.SidecarFrame]) error {
	stream, err := s.open(wire)
	if err != nil {
		return err
	}
	if s.OnServe == nil {
		return stream.Result(Nothing())
	}
	return s.OnServe(stream)
}

// Attend implements the contract.
func (s *Sidecar) Attend(wire grpc.BidiStreamingServer[pb.ShimFrame, pb.SidecarFrame]) error {
	stream, err := s.open(wire)
	if err != nil {
		return err
	}
	if s.OnAttend == nil {
		<-wire.Context().Done()
		return nil
	}
	return s.OnAttend(stream)
}

func (s *Sidecar) open(wire grpc.BidiStreamingServer[pb.ShimFrame, pb.SidecarFrame]) (*Stream, error) {
	first, err := wire.Recv()
	if err != nil {
		return nil, err
	}
	return &Stream{Call: first.GetCall(), wire: wire, instanceID: s.InstanceID}, nil
}

// Stream is one stream as the sidecar sees it.
type Stream struct {
	// What the stream began with.
	Call *pb.Call

	wire       grpc.BidiStreamingServer[pb.ShimFrame, pb.SidecarFrame]
	sending    sync.Mutex
	instanceID string
	lastOp     uint64
}

// Done is closed when the shim has ended the stream.
func (s *Stream) Done() <-chan struct{} {
	return s.wire.Context().Done()
}

// Send sends a frame as it is, but for the instance id on the first one.
func (s *Stream) Send(frame *pb.SidecarFrame) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	frame.InstanceId, s.instanceID = s.instanceID, ""
	return s.wire.Send(frame)
}

// Receive returns the shim's next frame.
func (s *Stream) Receive() (*pb.ShimFrame, error) {
	return s.wire.Recv()
}

// Result sends the last frame.
func (s *Stream) Result(result *pb.Result) error {
	return s.Send(&pb.SidecarFrame{Frame: &pb.SidecarFrame_Result{Result: result}})
}

// Ask sends an op under the next op id and returns the answer to it.
func (s *Stream) Ask(op *pb.StorageOp) (*pb.StorageReply, error) {
	s.lastOp++
	op.OpId = s.lastOp
	if err := s.Send(&pb.SidecarFrame{Frame: &pb.SidecarFrame_StorageOp{StorageOp: op}}); err != nil {
		return nil, err
	}
	frame, err := s.answer()
	return frame.GetStorageReply(), err
}

// answer returns the next frame that answers an op: notices of the mount may come
// at any time.
func (s *Stream) answer() (*pb.ShimFrame, error) {
	for {
		frame, err := s.Receive()
		if err != nil || frame.GetNotice() == nil {
			return frame, err
		}
	}
}

// SendEvent sends an event under the next op id; an answer other than Done is an
// error.
func (s *Stream) SendEvent(kind string, metadata map[string]string) error {
	s.lastOp++
	op := &pb.SystemOp{OpId: s.lastOp, Op: &pb.SystemOp_SendEvent_{SendEvent: &pb.SystemOp_SendEvent{EventType: kind, Metadata: metadata}}}
	if err := s.Send(&pb.SidecarFrame{Frame: &pb.SidecarFrame_SystemOp{SystemOp: op}}); err != nil {
		return err
	}
	frame, err := s.answer()
	if err == nil && frame.GetSystemReply().GetDone() == nil {
		err = fmt.Errorf("the event is answered %v", frame)
	}
	return err
}

// Get is an op.
func Get(key string) *pb.StorageOp {
	return &pb.StorageOp{Op: &pb.StorageOp_Get_{Get: &pb.StorageOp_Get{Key: key}}}
}

// GetMany is an op.
func GetMany(keys ...string) *pb.StorageOp {
	return &pb.StorageOp{Op: &pb.StorageOp_GetMany_{GetMany: &pb.StorageOp_GetMany{Keys: keys}}}
}

// Put is an op.
func Put(key, value string) *pb.StorageOp {
	return &pb.StorageOp{Op: &pb.StorageOp_Put_{Put: &pb.StorageOp_Put{Key: key, Value: []byte(value)}}}
}

// Delete is an op.
func Delete(key string) *pb.StorageOp {
	return &pb.StorageOp{Op: &pb.StorageOp_Delete_{Delete: &pb.StorageOp_Delete{Key: key}}}
}

// List is an op.
func List(prefix string) *pb.StorageOp {
	return &pb.StorageOp{Op: &pb.StorageOp_List_{List: &pb.StorageOp_List{Prefix: prefix}}}
}

// Nothing is a result.
func Nothing() *pb.Result {
	return &pb.Result{Outcome: &pb.Result_Nothing_{Nothing: &pb.Result_Nothing{}}}
}

// Response is a result.
func Response(response *pb.Response) *pb.Result {
	return &pb.Result{Outcome: &pb.Result_Response{Response: response}}
}

// Refusal is a result.
func Refusal(refusal *pb.Error) *pb.Result {
	return &pb.Result{Outcome: &pb.Result_Error{Error: refusal}}
}
