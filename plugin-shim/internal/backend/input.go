package backend

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

const longestShownValue = 100

var typeWords = map[framework.FieldType]string{
	framework.TypeString:           "text",
	framework.TypeLowerCaseString:  "text",
	framework.TypeInt:              "a whole number up to 9223372036854775807",
	framework.TypeBool:             "true or false",
	framework.TypeDurationSecond:   `seconds, or text such as "30m", and not negative`,
	framework.TypeMap:              "a JSON object, or its text",
	framework.TypeSlice:            "a list, or its JSON text",
	framework.TypeCommaStringSlice: "a list of texts, or text with commas",
	framework.TypeKVPairs:          `a JSON object of texts, or its text, or "key=value"`,
	framework.TypeTime:             `a time such as "2006-01-02T15:04:05Z"`,
}

// badInput names every field whose value does not fit its type; empty text means
// that all fit. The framework would say it too, and would show what is secret.
func (m *mount) badInput(req *logical.Request) string {
	switch req.Operation {
	case logical.CreateOperation, logical.UpdateOperation, logical.ReadOperation, logical.DeleteOperation, logical.ListOperation:
	default:
		return ""
	}
	path := m.Route(req.Path)
	if path == nil {
		return ""
	}
	data := framework.FieldData{Raw: req.Data, Schema: path.Fields}
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(req.Data)) {
		schema := path.Fields[name]
		if schema == nil || capturedBy(path, name) {
			continue
		}
		if _, _, err := data.GetOkErr(name); err != nil || brokenPairs(schema, req.Data[name]) {
			problems = append(problems, fmt.Sprintf("field %q is %s; it must be %s", name, shown(schema, req.Data[name]), typeWords[schema.Type]))
		}
	}
	return strings.Join(problems, "\n")
}

// capturedBy reports whether the path's pattern gives the field, whatever the
// body says.
func capturedBy(path *framework.Path, name string) bool {
	return strings.Contains(path.Pattern, "(?P<"+name+">")
}

func shown(schema *framework.FieldSchema, value any) string {
	if schema.DisplayAttrs != nil && schema.DisplayAttrs.Sensitive {
		return "a value that is not shown"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "a value that is no JSON"
	}
	if len(text) > longestShownValue {
		return strings.ToValidUTF8(string(text[:longestShownValue]), "") + "…"
	}
	return string(text)
}
