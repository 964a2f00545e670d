package descriptor

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/prototext"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// The file lies here because go:embed reads no other module's folders; a test
// keeps it equal to the one below proto/.
//
//go:embed engine.textproto
var embedded []byte

// Descriptor is a valid description of an engine. It does not change.
type Descriptor struct {
	engine *pb.Engine
	sha256 [sha256.Size]byte
}

// Embedded returns the descriptor that this binary was built with.
func Embedded() (*Descriptor, error) {
	return Parse(embedded)
}

// Parse reads a descriptor in protobuf's text format. Its error names every
// problem at once.
func Parse(text []byte) (*Descriptor, error) {
	engine := &pb.Engine{}
	if err := prototext.Unmarshal(text, engine); err != nil {
		return nil, fmt.Errorf("the engine's descriptor is no genesysvault.v1.Engine: %w", err)
	}
	if err := validate(engine); err != nil {
		return nil, err
	}
	return &Descriptor{engine: engine, sha256: sha256.Sum256(text)}, nil
}

// RecordsPrefix returns where storage keeps what lives outside of Vault; empty
// for nowhere.
func (d *Descriptor) RecordsPrefix() string {
	return d.engine.GetRecordsPrefix()
}

// Cached returns the storage keys, exact, or prefixes where they end in a slash,
// whose entries may be kept in memory.
func (d *Descriptor) Cached() []string {
	return slices.Clone(d.engine.GetCached())
}

// JournalPrefixes returns where storage keeps the revokes that are written down
// while the sidecar is away.
func (d *Descriptor) JournalPrefixes() []string {
	var prefixes []string
	for _, secret := range d.engine.GetSecretTypes() {
		prefix, _, found := strings.Cut(secret.GetJournalKey(), "{")
		if found && !slices.Contains(prefixes, prefix) {
			prefixes = append(prefixes, prefix)
		}
	}
	return prefixes
}

// Fields returns the fields of one path, by its place among a backend's paths.
func (d *Descriptor) Fields(i int) []*pb.Field {
	return d.engine.GetPaths()[i].GetFields()
}

// SHA256 returns the hash of the file's bytes, which every call carries.
func (d *Descriptor) SHA256() []byte {
	return append([]byte(nil), d.sha256[:]...)
}
