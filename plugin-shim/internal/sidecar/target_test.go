package sidecar

import (
	"os"
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	cases := []struct {
		address string
		uid     int
		want    string
	}{
		{"unix:///run/x/y.sock", AnyOwnUID, ""},
		{"unix:///run/x/y.sock", 0, ""},
		{"unix:///run/x/y.sock", 1000, ""},
		{"dns:///host:1", AnyOwnUID, "sidecars over TCP need TLS, which this version does not have yet"},
		{"unix://run/y.sock", AnyOwnUID, "must be unix:///<absolute path"},
		{"/run/y.sock", AnyOwnUID, "must be unix:///<absolute path"},
		{"", AnyOwnUID, "must be unix:///<absolute path"},
		{"unix:///" + strings.Repeat("x", 107), AnyOwnUID, "has 108 bytes"},
		{"unix:///run/x/y.sock", -2, "sidecar uid -2"},
	}
	for _, c := range cases {
		target, err := ParseTarget(c.address, c.uid)
		switch {
		case c.want == "" && (err != nil || target.String() != c.address):
			t.Errorf("ParseTarget(%q, %d) is %v, %v", c.address, c.uid, target, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("ParseTarget(%q, %d) fails with %v, want %q", c.address, c.uid, err, c.want)
		}
	}
}

func TestOnlyKnownUsersMayListen(t *testing.T) {
	cases := []struct {
		allowed, peer int
		ok            bool
	}{
		{AnyOwnUID, 1000, true},
		{AnyOwnUID, 0, true},
		{AnyOwnUID, 1001, false},
		{1001, 1001, true},
		{1001, 1002, false},
		{0, 1001, false},
	}
	for _, c := range cases {
		if err := (Target{uid: c.allowed}).checkUID(c.peer, 1000); (err == nil) != c.ok {
			t.Errorf("a peer of uid %d, %d being allowed: %v", c.peer, c.allowed, err)
		}
	}
}

func TestThePeersUserIsThatOfTheListener(t *testing.T) {
	conn := dialSelf(t)
	if uid, err := peerUID(conn); err != nil || uid != os.Geteuid() {
		t.Errorf("peer's uid is %d, %v; want %d", uid, err, os.Geteuid())
	}
}
