package sidecartest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// longest is how long a test waits before it gives up.
const longest = 10 * time.Second

// Eventually waits until a condition holds.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if !within(longest, holds) {
		t.Fatalf("never came: %s", what)
	}
}

// Receive returns what comes next on a channel.
func Receive[T any](t testing.TB, from <-chan T) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(longest):
		t.Fatal("nothing came on the channel")
		panic("unreachable")
	}
}

func within(limit time.Duration, holds func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); {
		if holds() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return holds()
}

// Main runs a package's tests, and fails if they leave a goroutine of this
// module or of gRPC behind.
func Main(m *testing.M) {
	code := m.Run()
	if code == 0 && !within(longest, func() bool { return leftovers() == "" }) {
		fmt.Fprintf(os.Stderr, "goroutines were left behind:\n\n%s\n", leftovers())
		code = 1
	}
	os.Exit(code)
}

func leftovers() string {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	var left []string
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		ours := strings.Contains(stack, "genesysvault.dev/plugin-shim") || strings.Contains(stack, "google.golang.org/grpc")
		if ours && !strings.Contains(stack, "sidecartest.Main") {
			left = append(left, stack)
		}
	}
	return strings.Join(left, "\n\n")
}
