package descriptor

import (
	"maps"
	"slices"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// What the plugin answers by itself on a path that is answered_by_shim.
const (
	ShimVersion         = "shim_version"
	ProtocolVersion     = "protocol_version"
	DescriptorSHA256    = "descriptor_sha256"
	SidecarError        = "sidecar_error"
	Session             = "session"
	SessionMissingSince = "session_missing_since"
	SessionError        = "session_error"
	Journaled           = "journaled"
)

var alone = map[string]pb.FieldType{
	ShimVersion:         pb.FieldType_FIELD_TYPE_STRING,
	ProtocolVersion:     pb.FieldType_FIELD_TYPE_INT,
	DescriptorSHA256:    pb.FieldType_FIELD_TYPE_STRING,
	SidecarError:        pb.FieldType_FIELD_TYPE_STRING,
	Session:             pb.FieldType_FIELD_TYPE_BOOL,
	SessionMissingSince: pb.FieldType_FIELD_TYPE_TIME,
	SessionError:        pb.FieldType_FIELD_TYPE_STRING,
	Journaled:           pb.FieldType_FIELD_TYPE_INT,
}

// answeredByShim checks that such a path is read alone, and that help and OpenAPI
// know what the plugin answers.
func (v *validator) answeredByShim(where string, path *pb.Path) {
	if !path.GetAnsweredByShim() {
		return
	}
	if path.GetIssues() != "" {
		v.problem("%s: a path that issues a secret cannot be answered_by_shim", where)
	}
	var declared []*pb.Field
	for _, op := range path.GetOperations() {
		if op.GetOperation() != "read" {
			v.problem("%s: a path that is answered_by_shim can be read alone, and must know no %q", where, op.GetOperation())
		}
		for _, response := range op.GetResponses() {
			if response.GetHttpStatus() == 200 {
				declared = append(declared, response.GetFields()...)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(alone)) {
		kind := alone[name]
		if !slices.ContainsFunc(declared, func(f *pb.Field) bool { return f.GetName() == name && f.GetType() == kind }) {
			v.problem("%s is answered_by_shim, so its response 200 must declare %q as %s", where, name, kind)
		}
	}
}
