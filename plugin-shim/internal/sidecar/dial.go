package sidecar

import (
	"context"
	"fmt"
	"net"
	"os"
	"syscall"
)

// dial connects to the socket and checks who listens there: without that check,
// whoever may write into the socket's directory would get secrets to see.
func (t Target) dial(ctx context.Context) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", t.path)
	if err != nil {
		return nil, err
	}
	if err := t.checkPeer(conn.(*net.UnixConn)); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func (t Target) checkPeer(conn *net.UnixConn) error {
	uid, err := readPeerUID(conn)
	if err != nil {
		return fmt.Errorf("cannot tell which user listens on the socket: %w", err)
	}
	return t.checkUID(uid, os.Geteuid())
}

func (t Target) checkUID(uid, own int) error {
	if uid == own || uid == 0 || (t.uid != AnyOwnUID && uid == t.uid) {
		return nil
	}
	return fmt.Errorf("the socket belongs to a process of uid %d; allowed are %d (the plugin's own), 0 and the one of -sidecar-uid", uid, own)
}

// A test can stand in for another user only here.
var readPeerUID = peerUID

func peerUID(conn *net.UnixConn) (int, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var peer *syscall.Ucred
	var asked error
	if err := raw.Control(func(fd uintptr) {
		peer, asked = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); err != nil {
		return 0, err
	}
	if asked != nil {
		return 0, asked
	}
	return int(peer.Uid), nil
}
