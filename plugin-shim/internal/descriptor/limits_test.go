package descriptor

import (
	"encoding/json"
	"strings"
	"testing"

	"genesysvault.dev/plugin-shim/internal/pb"
)

func TestWhatIsTooLargeIsSaidWithItsSizeAndItsLimit(t *testing.T) {
	list := LimitsOf(&pb.Field{Type: pb.FieldType_FIELD_TYPE_MAP, MaxBytes: 100, MaxItems: 3, MaxDepth: 2})
	text := LimitsOf(&pb.Field{Type: pb.FieldType_FIELD_TYPE_STRING, MaxBytes: 4})
	scalar := LimitsOf(&pb.Field{Type: pb.FieldType_FIELD_TYPE_BOOL})
	deep := any("end")
	for range 200_000 {
		deep = []any{deep}
	}
	cases := []struct {
		name   string
		limits Limits
		value  any
		want   string
	}{
		{"short text", text, "abcd", ""},
		{"long text", text, "abcde", "has 5 bytes; at most 4 are allowed"},
		{"characters of many bytes", text, "ääx", "has 5 bytes; at most 4 are allowed"},
		{"endless text", text, strings.Repeat("/", 32<<20), "has more than 1048576 bytes; at most 4 are allowed"},
		{"true", scalar, true, ""},
		{"a long word", scalar, strings.Repeat("0", 257), "has 257 bytes; at most 256 are allowed"},
		{"many digits", scalar, json.Number(strings.Repeat("9", 10_000)), "has 10000 bytes; at most 256 are allowed"},
		{"nothing", list, nil, ""},
		{"a small object", list, map[string]any{"a": []any{json.Number("1"), true, nil, 1.5}}, ""},
		{"many members", list, map[string]any{"a": 1, "b": 2, "c": 3, "d": 4}, "has 4 items; at most 3 are allowed"},
		{"a million items", list, make([]any, 1_000_000), "has more than 1048576 bytes; at most 100 are allowed"},
		{"deep nesting", list, map[string]any{"a": []any{[]any{}}}, "is nested 3 deep; at most 2 are allowed"},
		{"an abyss", list, deep, "has 600005 bytes; at most 100 are allowed"},
		{"long names", list, map[string]any{strings.Repeat("n", 99): nil}, "has 109 bytes; at most 100 are allowed"},
		{"a long number", list, []any{json.Number(strings.Repeat("9", 65))}, "holds a number of 65 characters; at most 64 are allowed"},
		{"a large number", list, []any{json.Number("-1e999")}, "holds the number -1e999, which is too large"},
		{"text of it", list, strings.Repeat("x", 101), "has 101 bytes; at most 100 are allowed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.limits.Excess(c.value); got != c.want {
				t.Errorf("excess is %q, want %q", got, c.want)
			}
		})
	}
}

func TestHelpSaysTheLimits(t *testing.T) {
	d, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{
		"api_url":           "At most 2048 bytes.",
		"client_properties": "At most 65536 bytes of JSON, 1000 items, nested 16 deep.",
	}
	for _, path := range d.Backend(Handlers{}).Paths {
		for name, want := range said {
			if schema := path.Fields[name]; schema != nil && !strings.HasSuffix(schema.Description, want) {
				t.Errorf("%s: %s says %q, want it to end in %q", path.Pattern, name, schema.Description, want)
			}
		}
	}
}
