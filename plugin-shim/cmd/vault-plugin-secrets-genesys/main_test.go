package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	cases := []struct {
		name, args string
		want       string
		fails      string
	}{
		{"nothing", "", standardSidecar, ""},
		{"an address and a user", "-sidecar=unix:///a/b.sock -sidecar-uid=100", "unix:///a/b.sock", ""},
		{"what older servers pass", "-ca-cert=/a.pem -tls-skip-verify", standardSidecar, ""},
		{"TCP", "-sidecar=dns:///host:1", "", "need TLS, which this version does not have yet"},
		{"an odd user", "-sidecar-uid=-7", "", "sidecar uid -7"},
		{"no number", "-sidecar-uid=vault", "", "sidecar-uid"},
		{"an unknown flag", "-socket=/a", "", "-socket"},
		{"no flag", "unix:///a/b.sock", "", `argument "unix:///a/b.sock" is unknown`},
		{"help", "-h", "", flag.ErrHelp.Error()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := parse(strings.Fields(c.args), io.Discard)
			switch {
			case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)):
				t.Errorf("error is %v, want one with %q", err, c.fails)
			case c.fails == "" && (err != nil || got.target.String() != c.want || got.showVersion):
				t.Errorf("settings are %v, %v; want %q", got, err, c.want)
			}
		})
	}
	if got, err := parse([]string{"-version"}, io.Discard); err != nil || !got.showVersion {
		t.Errorf("-version gives %v, %v", got, err)
	}
	if _, err := parse([]string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h gives %v", err)
	}
}

func TestTheProcessEndsWithItsParent(t *testing.T) {
	parents := []int{7, 7, 7, 1}
	codes := make(chan int, 1)
	exitWithParent(func() int {
		now := parents[0]
		parents = parents[1:]
		return now
	}, time.Millisecond, func(code int) { codes <- code })
	if code := <-codes; code != 0 || len(parents) != 0 {
		t.Errorf("it ended with %d, and %d looks were left", code, len(parents))
	}
}
