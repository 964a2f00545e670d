package backend

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	// More than any path with its captures.
	longestPath = 2048
	// What a path does not know is ignored, and named in a warning.
	mostUnknownFields  = 32
	longestUnknownName = 128
	// Of what Vault tells about a caller.
	longestDisplayName = 512
	longestEntityID    = 128
)

// tooLongPath says that a path is longer than any that the engine knows; empty
// for one that is not. Patterns are not tried on it.
func tooLongPath(req *logical.Request) string {
	switch req.Operation {
	case logical.RenewOperation, logical.RevokeOperation, logical.RollbackOperation:
		return ""
	}
	if len(req.Path) <= longestPath {
		return ""
	}
	return fmt.Sprintf("the path has %d bytes; at most %d are allowed", len(req.Path), longestPath)
}

// tooMuch names every field that brings in more than the descriptor allows; empty
// text means that none does. Nothing is parsed, coerced or shown before that.
func (m *mount) tooMuch(req *logical.Request) string {
	path := m.Route(req.Path)
	i := slices.Index(m.Paths, path)
	if path == nil || i < 0 || len(req.Data) == 0 {
		return ""
	}
	var problems []string
	unknown := 0
	for name := range maps.Keys(req.Data) {
		if path.Fields[name] != nil {
			continue
		}
		if unknown++; len(name) > longestUnknownName {
			problems = append(problems, fmt.Sprintf("a field whose name has %d bytes is not known", len(name)))
			break
		}
	}
	if unknown > mostUnknownFields {
		problems = append(problems, fmt.Sprintf("%d fields are not known; at most %d are ignored", unknown, mostUnknownFields))
	}
	for _, field := range m.engine.Fields(i) {
		value, sent := req.Data[field.GetName()]
		if !sent || capturedBy(path, field.GetName()) {
			continue
		}
		if excess := descriptor.LimitsOf(field).Excess(value); excess != "" {
			problems = append(problems, fmt.Sprintf("field %q %s", field.GetName(), excess))
		}
	}
	return strings.Join(problems, "\n")
}

// tooLongCapture says that a part of the path is longer than the descriptor
// allows.
func tooLongCapture(path *pb.Path, captured map[string]string) error {
	for _, field := range path.GetFields() {
		if excess := descriptor.LimitsOf(field).Excess(captured[field.GetName()]); excess != "" {
			return logical.CodedError(http.StatusBadRequest, fmt.Sprintf("field %q %s", field.GetName(), excess))
		}
	}
	return nil
}

// cut returns the beginning of a text, whole characters of at most so many bytes.
func cut(text string, bytes int) string {
	if len(text) > bytes {
		text = text[:bytes]
	}
	return strings.ToValidUTF8(text, "")
}
