package backend

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/sidecar"
)

// Options says what the mounts of one plugin process have in common.
type Options struct {
	// The plugin's own version, such as "v0.1.0".
	Version    string
	Descriptor *descriptor.Descriptor
	// Target, Budget and waits of each mount's client; the rest is filled in.
	Sidecar sidecar.Options
	// Now is the clock; nil: the system's.
	Now func() time.Time
}

// Factory returns what makes the backend of one mount. It does no I/O and
// touches neither storage nor system view, so that Vault can register, mount and
// unseal while the sidecar is away.
func Factory(options Options) logical.Factory {
	return func(ctx context.Context, config *logical.BackendConfig) (logical.Backend, error) {
		if config == nil {
			return nil, errors.New("the plugin was set up without a configuration")
		}
		return newMount(ctx, options, config)
	}
}
