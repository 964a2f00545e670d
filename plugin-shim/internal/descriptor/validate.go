package descriptor

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
)

var secretTypeRE = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// What Vault's framework panics about must be found here.
func validate(engine *pb.Engine) error {
	v := &validator{secretTypes: map[string]bool{}}
	if strings.TrimSpace(engine.GetHelp()) == "" {
		v.problem("the engine has no help")
	}
	if len(engine.GetPaths()) == 0 {
		v.problem("the engine has no paths")
	}
	for _, secret := range engine.GetSecretTypes() {
		v.secretType(secret)
	}
	ids, patterns := map[string]bool{}, map[string]bool{}
	for i, path := range engine.GetPaths() {
		where := fmt.Sprintf("path %q", path.GetId())
		if path.GetId() == "" {
			where = fmt.Sprintf("path number %d", i+1)
			v.problem("%s has no id", where)
		} else if ids[path.GetId()] {
			v.problem("%s occurs twice", where)
		}
		if patterns[path.GetPattern()] {
			v.problem("%s: pattern %q belongs to an earlier path", where, path.GetPattern())
		}
		ids[path.GetId()], patterns[path.GetPattern()] = true, true
		v.path(where, path)
	}
	v.specialPaths(engine.GetSpecialPaths())
	if prefix := engine.GetRecordsPrefix(); prefix != "" {
		v.recordsPrefix(prefix)
	}
	for _, key := range engine.GetCached() {
		v.cached(key)
	}
	return errors.Join(v.problems...)
}

type validator struct {
	problems    []error
	secretTypes map[string]bool
}

func (v *validator) problem(format string, args ...any) {
	v.problems = append(v.problems, fmt.Errorf("engine descriptor: "+format, args...))
}

func (v *validator) secretType(secret *pb.SecretType) {
	where := fmt.Sprintf("secret type %q", secret.GetId())
	if !secretTypeRE.MatchString(secret.GetId()) {
		v.problem("%s: an id is letters, digits and underscores", where)
	}
	if v.secretTypes[secret.GetId()] {
		v.problem("%s occurs twice", where)
	}
	v.secretTypes[secret.GetId()] = true
	v.fields(where, secret.GetFields())
	for _, key := range append(slices.Clone(secret.GetPrefetch()), secret.GetJournalKey()) {
		if key != "" {
			v.storageKey(where, key)
		}
	}
	if (secret.GetJournalKey() == "") != (secret.GetJournalPromisedBy() == "") {
		v.problem("%s: journal_key and journal_promised_by go together", where)
	}
}

func (v *validator) recordsPrefix(prefix string) {
	if strings.HasPrefix(prefix, "/") || !strings.HasSuffix(prefix, "/") || strings.ContainsAny(prefix, "{}") {
		v.problem("records_prefix %q must be relative, end in / and have no capture", prefix)
	}
}

func (v *validator) cached(key string) {
	v.storageKey("cached", key)
	if strings.ContainsAny(key, "{}") {
		v.problem("cached: storage key %q must have no capture; a prefix ends in /", key)
	}
}

func (v *validator) path(where string, path *pb.Path) {
	v.pattern(where, path)
	v.fields(where, path.GetFields())
	v.checkLimits(where, path.GetFields())
	names := captures(path.GetPattern())
	for _, name := range names {
		i := slices.IndexFunc(path.GetFields(), func(f *pb.Field) bool { return f.GetName() == name })
		switch {
		case i < 0:
			v.problem("%s: capture {%s} of the pattern has no field", where, name)
		case !isText(path.GetFields()[i].GetType()):
			v.problem("%s: field %q is captured, so its type must be text, and not %s", where, name, path.GetFields()[i].GetType())
		}
	}
	templates := slices.Clone(path.GetPrefetch())
	if path.GetExistenceKey() != "" {
		templates = append(templates, path.GetExistenceKey())
	}
	for _, template := range templates {
		v.storageKey(where, template)
		for _, name := range captures(template) {
			if !slices.Contains(names, name) {
				v.problem("%s: storage key %q needs {%s}, which the pattern %q does not capture", where, template, name, path.GetPattern())
			}
		}
	}
	if path.GetIssues() != "" && !v.secretTypes[path.GetIssues()] {
		v.problem("%s issues the secret type %q, which does not exist", where, path.GetIssues())
	}
	if path.GetAnswerWithinMs() > mostAnswerWithinMs {
		v.problem("%s: answer_within_ms is %d; it must be at most %d", where, path.GetAnswerWithinMs(), mostAnswerWithinMs)
	}
	v.answeredByShim(where, path)
	v.operations(where, path)
}

// A caller that may wait for longer needs no such promise.
const mostAnswerWithinMs = 60_000

func (v *validator) pattern(where string, path *pb.Path) {
	pattern := path.GetPattern()
	if pattern == "" {
		v.problem("%s has no pattern", where)
		return
	}
	if strings.HasPrefix(pattern, "^") || strings.HasSuffix(pattern, "$") || strings.HasPrefix(pattern, "/") {
		v.problem("%s: pattern %q must have no anchors and no leading slash", where, pattern)
	}
	if _, err := regexp.Compile("^" + expandPattern(pattern) + "$"); err != nil {
		v.problem("%s: pattern %q is no RE2: %v", where, pattern, err)
	}
	names := captures(pattern)
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		v.problem("%s: pattern %q captures one name twice", where, pattern)
	}
}

func (v *validator) operations(where string, path *pb.Path) {
	if len(path.GetOperations()) == 0 {
		v.problem("%s has no operations", where)
	}
	seen := map[string]bool{}
	for _, op := range path.GetOperations() {
		name := op.GetOperation()
		if !slices.Contains(operations, logical.Operation(name)) {
			v.problem("%s: operation %q must be one of %v", where, name, operations)
		}
		if seen[name] {
			v.problem("%s: operation %q occurs twice", where, name)
		}
		seen[name] = true
		for _, response := range op.GetResponses() {
			status := response.GetHttpStatus()
			if status < 100 || status > 599 {
				v.problem("%s: operation %q declares HTTP status %d; it must be 100 to 599", where, name, status)
			}
			v.fields(fmt.Sprintf("%s: operation %q, response %d", where, name, status), response.GetFields())
		}
	}
	if seen["create"] && path.GetExistenceKey() == "" {
		v.problem("%s knows create, so it needs an existence_key", where)
	}
	if !seen["create"] && path.GetExistenceKey() != "" {
		v.problem("%s has an existence_key, so it must know create", where)
	}
}

func (v *validator) fields(where string, fields []*pb.Field) {
	seen := map[string]bool{}
	for _, field := range fields {
		name := field.GetName()
		if name == "" {
			v.problem("%s: a field has no name", where)
		}
		if seen[name] {
			v.problem("%s: field %q occurs twice", where, name)
		}
		seen[name] = true
		if _, known := fieldTypes[field.GetType()]; !known {
			v.problem("%s: field %q has the type %s, which is unknown", where, name, field.GetType())
			continue
		}
		if field.GetDefaultJson() != "" {
			v.value(where, field, "default_json", field.GetDefaultJson())
		}
		for _, allowed := range field.GetAllowedJson() {
			v.value(where, field, "allowed_json", allowed)
		}
	}
}

func (v *validator) value(where string, field *pb.Field, what, text string) {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		v.problem("%s: %s of field %q is no JSON: %s", where, what, field.GetName(), text)
		return
	}
	data := framework.FieldData{
		Raw:    map[string]any{"value": value},
		Schema: map[string]*framework.FieldSchema{"value": {Type: fieldTypes[field.GetType()]}},
	}
	if _, _, err := data.GetOkErr("value"); err != nil {
		v.problem("%s: %s of field %q is no %s: %s", where, what, field.GetName(), field.GetType(), text)
	}
}

func (v *validator) storageKey(where, key string) {
	if key == "" || strings.HasPrefix(key, "/") || slices.Contains(strings.Split(key, "/"), "..") {
		v.problem("%s: storage key %q must be relative to the mount", where, key)
	}
}

func (v *validator) specialPaths(special *pb.SpecialPaths) {
	for _, key := range append(slices.Clone(special.GetSealWrapped()), special.GetLocal()...) {
		v.storageKey("special paths", key)
	}
	for _, paths := range [][]string{special.GetRoot(), special.GetUnauthenticated(), special.GetBinary(), special.GetLimited()} {
		for _, path := range paths {
			if path == "" || strings.HasPrefix(path, "/") {
				v.problem("special paths: %q must be a path below the mount", path)
			}
		}
	}
}
