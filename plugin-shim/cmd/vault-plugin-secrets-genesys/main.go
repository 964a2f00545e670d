// Command vault-plugin-secrets-genesys is the Vault plugin of the Genesys Cloud
// secrets engine. Vault starts it; where the sidecar is comes from the arguments
// with which it was registered.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/vault/api"
	"github.com/hashicorp/vault/sdk/helper/pluginutil"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/plugin"
	"google.golang.org/grpc"

	"genesysvault.dev/plugin-shim/internal/backend"
	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/sidecar"
)

// version is set by -ldflags "-X main.version=vX.Y.Z". Vault compares it with
// the version that the plugin is registered as.
var version = "v0.2.0-dev"

const standardSidecar = "unix:///run/genesys-sidecar/sidecar.sock"

// lazyCollection lets the heap grow to three times of what is in use before it is
// collected: with Go's own measure of two, a busy plugin that has little in use
// spends an eighth of its time on collections. GOGC says otherwise.
const lazyCollection = 200

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(lazyCollection)
	}
	settings, err := parse(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	case settings.showVersion:
		fmt.Println(version)
		return
	}
	if err := serve(settings); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type settings struct {
	target      sidecar.Target
	api         *api.PluginAPIClientMeta
	showVersion bool
}

// parse reads the arguments. The flags of Vault's own plugins are known too,
// because older servers pass them.
func parse(args []string, output io.Writer) (settings, error) {
	meta := &api.PluginAPIClientMeta{}
	flags := meta.FlagSet()
	flags.SetOutput(output)
	address := flags.String("sidecar", standardSidecar, "address of the sidecar, unix:///<absolute path of its socket>")
	uid := flags.Int("sidecar-uid", sidecar.AnyOwnUID, "uid of the sidecar, where it runs neither as the plugin's user nor as root")
	showVersion := flags.Bool("version", false, "print the version and exit")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	if flags.NArg() > 0 {
		return settings{}, fmt.Errorf("argument %q is unknown; give flags only, such as -sidecar=%s", flags.Arg(0), standardSidecar)
	}
	target, err := sidecar.ParseTarget(*address, *uid)
	if err != nil {
		return settings{}, err
	}
	return settings{target: target, api: meta, showVersion: *showVersion}, nil
}

func serve(settings settings) error {
	engine, err := descriptor.Embedded()
	if err != nil {
		return err
	}
	go exitWithParent(os.Getppid, parentPoll, os.Exit)
	factory := backend.Factory(backend.Options{
		Version:    version,
		Descriptor: engine,
		Sidecar:    sidecar.Options{Target: settings.target},
	})
	return serveMultiplexed(factory, api.VaultPluginTLSProvider(settings.api.GetTLSConfig()))
}

// serveMultiplexed is the SDK's ServeMultiplex, with a look at each request before
// its body is decoded.
func serveMultiplexed(factory logical.Factory, tls plugin.TLSProviderFunc) error {
	logger := hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: os.Stderr, JSONFormat: true})
	if err := pluginutil.OptionallyEnableMlock(); err != nil {
		return err
	}
	// Servers that do not multiplex know the versions before 5.
	versions := map[int]goplugin.PluginSet{}
	for version := 3; version <= 5; version++ {
		versions[version] = goplugin.PluginSet{plugin.BackendPluginName: &plugin.GRPCBackendPlugin{
			Factory: factory, MultiplexingSupport: version == 5, Logger: logger,
		}}
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig:  plugin.HandshakeConfig,
		VersionedPlugins: versions,
		TLSProvider:      tls,
		Logger:           logger,
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			return goplugin.DefaultGRPCServer(append(options,
				grpc.MaxRecvMsgSize(math.MaxInt32), grpc.MaxSendMsgSize(math.MaxInt32),
				grpc.ChainUnaryInterceptor(backend.BoundBodies)))
		},
	})
	return nil
}
