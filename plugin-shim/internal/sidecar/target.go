package sidecar

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// longestSocketPath is what the kernel's address of a Unix socket has room for.
const longestSocketPath = 107

// AnyOwnUID stands for "no further user than the plugin's own and root".
const AnyOwnUID = -1

// Target is where the sidecar listens, and who it may be.
type Target struct {
	path string
	uid  int
}

// ParseTarget reads the address of a sidecar, such as "unix:///run/x/y.sock".
// The process that listens there must run as the user of this process, as root,
// or as uid; AnyOwnUID allows no further one.
func ParseTarget(address string, uid int) (Target, error) {
	var problems []error
	path, isUnix := strings.CutPrefix(address, "unix://")
	switch {
	case strings.HasPrefix(address, "dns:"):
		problems = append(problems, fmt.Errorf("sidecar address %q: sidecars over TCP need TLS, which this version does not have yet; use unix:///<absolute path of the socket>", address))
	case !isUnix || !filepath.IsAbs(path):
		problems = append(problems, fmt.Errorf("sidecar address %q: it must be unix:///<absolute path of the socket>", address))
	case len(path) > longestSocketPath:
		problems = append(problems, fmt.Errorf("sidecar address %q: the path has %d bytes, and a Unix socket's path has at most %d", address, len(path), longestSocketPath))
	}
	if uid < AnyOwnUID {
		problems = append(problems, fmt.Errorf("sidecar uid %d: it must be the number of a user, or %d for none", uid, AnyOwnUID))
	}
	if len(problems) > 0 {
		return Target{}, errors.Join(problems...)
	}
	return Target{path: path, uid: uid}, nil
}

// String returns the address.
func (t Target) String() string {
	return "unix://" + t.path
}
