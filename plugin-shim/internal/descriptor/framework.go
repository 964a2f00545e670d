package descriptor

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// Handlers is where the framework's callbacks lead.
type Handlers struct {
	// Serve answers one operation of a path.
	Serve func(context.Context, *logical.Request, *framework.FieldData, *pb.Path) (*logical.Response, error)
	// Exists tells create from update for a path with an existence key.
	Exists func(context.Context, *logical.Request, *framework.FieldData, *pb.Path) (bool, error)
	// Renew extends a lease.
	Renew func(context.Context, *logical.Request, *pb.SecretType) (*logical.Response, error)
	// Revoke ends a lease.
	Revoke func(context.Context, *logical.Request, *pb.SecretType) (*logical.Response, error)
}

var operations = []logical.Operation{
	logical.CreateOperation, logical.ReadOperation, logical.UpdateOperation,
	logical.DeleteOperation, logical.ListOperation,
}

var fieldTypes = map[pb.FieldType]framework.FieldType{
	pb.FieldType_FIELD_TYPE_STRING:             framework.TypeString,
	pb.FieldType_FIELD_TYPE_LOWERCASE_STRING:   framework.TypeLowerCaseString,
	pb.FieldType_FIELD_TYPE_INT:                framework.TypeInt,
	pb.FieldType_FIELD_TYPE_BOOL:               framework.TypeBool,
	pb.FieldType_FIELD_TYPE_DURATION_SECOND:    framework.TypeDurationSecond,
	pb.FieldType_FIELD_TYPE_MAP:                framework.TypeMap,
	pb.FieldType_FIELD_TYPE_SLICE:              framework.TypeSlice,
	pb.FieldType_FIELD_TYPE_COMMA_STRING_SLICE: framework.TypeCommaStringSlice,
	pb.FieldType_FIELD_TYPE_KEY_VALUE_PAIRS:    framework.TypeKVPairs,
	pb.FieldType_FIELD_TYPE_TIME:               framework.TypeTime,
}

func isText(fieldType pb.FieldType) bool {
	return fieldType == pb.FieldType_FIELD_TYPE_STRING || fieldType == pb.FieldType_FIELD_TYPE_LOWERCASE_STRING
}

func expandPattern(pattern string) string {
	return captureRE.ReplaceAllStringFunc(pattern, func(part string) string {
		return framework.GenericNameRegex(part[1 : len(part)-1])
	})
}

// Backend returns a new framework backend for one mount: the framework writes
// into its paths, so that mounts cannot share one.
func (d *Descriptor) Backend(handlers Handlers) *framework.Backend {
	backend := &framework.Backend{
		Help:         d.engine.GetHelp(),
		BackendType:  logical.TypeLogical,
		PathsSpecial: d.specialPaths(),
	}
	for _, path := range d.engine.GetPaths() {
		backend.Paths = append(backend.Paths, frameworkPath(path, handlers))
	}
	for _, secret := range d.engine.GetSecretTypes() {
		backend.Secrets = append(backend.Secrets, frameworkSecret(secret, handlers))
	}
	return backend
}

// Captures returns the names that the path's pattern captures.
func Captures(path *pb.Path) []string {
	return captures(path.GetPattern())
}

func (d *Descriptor) specialPaths() *logical.Paths {
	special := d.engine.GetSpecialPaths()
	return &logical.Paths{
		SealWrapStorage: special.GetSealWrapped(),
		Root:            special.GetRoot(),
		Unauthenticated: special.GetUnauthenticated(),
		LocalStorage:    special.GetLocal(),
		Binary:          special.GetBinary(),
		Limited:         special.GetLimited(),
	}
}

func frameworkSecret(secret *pb.SecretType, handlers Handlers) *framework.Secret {
	made := &framework.Secret{
		Type:   secret.GetId(),
		Fields: schemas(secret.GetFields(), nil),
		Revoke: func(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
			return handlers.Revoke(ctx, req, secret)
		},
	}
	if secret.GetRenewable() {
		made.Renew = func(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
			return handlers.Renew(ctx, req, secret)
		}
	}
	return made
}

func frameworkPath(path *pb.Path, handlers Handlers) *framework.Path {
	made := &framework.Path{
		Pattern:         expandPattern(path.GetPattern()),
		Fields:          schemas(path.GetFields(), path),
		Operations:      map[logical.Operation]framework.OperationHandler{},
		HelpSynopsis:    path.GetSummary(),
		HelpDescription: path.GetDescription(),
	}
	if display := path.GetDisplay(); display != nil {
		made.DisplayAttrs = &framework.DisplayAttributes{
			OperationPrefix: display.GetOperationPrefix(),
			OperationVerb:   display.GetOperationVerb(),
			OperationSuffix: display.GetOperationSuffix(),
		}
	}
	if path.GetExistenceKey() != "" {
		made.ExistenceCheck = func(ctx context.Context, req *logical.Request, data *framework.FieldData) (bool, error) {
			return handlers.Exists(ctx, req, data, path)
		}
	}
	for _, op := range path.GetOperations() {
		made.Operations[logical.Operation(op.GetOperation())] = &framework.PathOperation{
			Callback: func(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
				return handlers.Serve(ctx, req, data, path)
			},
			Summary:                     op.GetSummary(),
			Responses:                   responses(op),
			ForwardPerformanceStandby:   op.GetForwardStandby(),
			ForwardPerformanceSecondary: op.GetForwardSecondary(),
		}
	}
	return made
}

func responses(op *pb.PathOperation) map[int][]framework.Response {
	declared := map[int][]framework.Response{}
	for _, response := range op.GetResponses() {
		status := int(response.GetHttpStatus())
		declared[status] = append(declared[status], framework.Response{
			Description: response.GetDescription(),
			Fields:      schemas(response.GetFields(), nil),
		})
	}
	return declared
}

// schemas returns the framework's schema of each field. On a path that is never
// written, a field that is not captured can only be a query parameter.
func schemas(fields []*pb.Field, path *pb.Path) map[string]*framework.FieldSchema {
	written := path == nil || slices.ContainsFunc(path.GetOperations(), func(op *pb.PathOperation) bool {
		return op.GetOperation() == "create" || op.GetOperation() == "update"
	})
	captured := captures(path.GetPattern())
	made := make(map[string]*framework.FieldSchema, len(fields))
	for _, field := range fields {
		schema := &framework.FieldSchema{
			Type:        fieldTypes[field.GetType()],
			Description: described(field, path),
			Required:    field.GetRequired(),
			Query:       !written && !slices.Contains(captured, field.GetName()),
			Default:     value(field.GetDefaultJson()),
		}
		for _, allowed := range field.GetAllowedJson() {
			schema.AllowedValues = append(schema.AllowedValues, value(allowed))
		}
		attributes := framework.DisplayAttributes{Name: field.GetDisplayName(), Sensitive: field.GetSensitive()}
		if field.GetExample() != "" {
			attributes.Value = field.GetExample()
		}
		if attributes != (framework.DisplayAttributes{}) {
			schema.DisplayAttrs = &attributes
		}
		made[field.GetName()] = schema
	}
	return made
}

// described returns what is said of a field, with its limits where a caller sends
// it and its type does not say them.
func described(field *pb.Field, path *pb.Path) string {
	if path == nil || isScalar(field.GetType()) {
		return field.GetDescription()
	}
	return strings.TrimSpace(field.GetDescription() + " " + LimitsOf(field).String())
}

// value decodes checked JSON; numbers without a fraction become integers, which
// is what the framework takes for its whole-number types.
func value(text string) any {
	if text == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var decoded any
	if decoder.Decode(&decoded) != nil {
		return nil
	}
	if number, ok := decoded.(json.Number); ok {
		if whole, err := number.Int64(); err == nil {
			return int(whole)
		}
		fraction, _ := number.Float64()
		return fraction
	}
	return decoded
}
