package backend

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

const (
	longestRefusal = 5_000
	largestCall    = 2 << 20
)

// Values as Vault decodes them from JSON, up to its own limit of a request.
func oddValues() map[string]any {
	nested := func(depth int) any {
		var value any = "end"
		for range depth {
			value = map[string]any{"a": value}
		}
		return value
	}
	million := make([]any, 1_000_000)
	members := map[string]any{}
	for i := range 100_000 {
		members[fmt.Sprint("member-", i)] = json.Number("1")
	}
	return map[string]any{
		"slashes": strings.Repeat("/", vaultsLimit), "line ends": strings.Repeat("\r\n", 300_000) + "x",
		"commas": strings.Repeat(",", 900_000), "few commas": strings.Repeat(",", 2_000), "blanks": strings.Repeat(" ", 1_000_000),
		"stars": strings.Repeat("* ", 300_000), "braces": strings.Repeat("{{", 100),
		"JSON text":    `{"a":` + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000) + `}`,
		"half of JSON": `{"a":` + strings.Repeat("[", 60_000), "control": "\x00\x1b\u202e\u2028", "surrogates": "\ud7ff\ufffd😀", "no UTF-8": "\xff\xfe",
		"nothing": "", "null": nil, "NaN": "NaN", "true": true, "seven": json.Number("7"), "digits": json.Number(strings.Repeat("9", 10_000)),
		"infinity": json.Number("1e999"), "the largest": json.Number("9223372036854775807"), "more": json.Number("9223372036854775808"),
		"a million items": million, "members": members, "depth of 16": nested(16), "depth of 9000": nested(9_000),
		"odd members": map[string]any{"": nil, "\x00": []any{nil}, "a": map[string]any{}},
	}
}

func TestNoFieldOfAnyPathHoldsUpThePlugin(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	mount, odd := r.backend.(*mount), oddValues()
	capture := regexp.MustCompile(`\(\?P<\w+>[^)]*\)\?\\w\)\?\)`)
	for i, path := range mount.Paths {
		name := strings.NewReplacer("^", "", "$", "", "/?", "/").Replace(capture.ReplaceAllString(path.Pattern, "a"))
		for _, field := range mount.engine.Fields(i) {
			for what, value := range odd {
				for operation := range path.Operations {
					r.odd(t, operation, path, name, field.GetName(), what, value)
				}
			}
		}
	}
}

func (r *rig) odd(t *testing.T, operation logical.Operation, path *framework.Path, name, field, what string, value any) {
	t.Helper()
	before := cpu(t)
	resp, err := r.do(operation, name, map[string]any{field: value})
	if took := cpu(t) - before; took > mostCPU {
		t.Errorf("%s of %s: %s in %s took %s of CPU", operation, path.Pattern, what, field, took)
	}
	switch {
	case err != nil:
		t.Errorf("%s of %s: %s in %s is answered %.300v", operation, path.Pattern, what, field, err)
	case resp.IsError() && len(resp.Error().Error()) > longestRefusal:
		t.Errorf("%s of %s: %s in %s is answered with %d bytes", operation, path.Pattern, what, field, len(resp.Error().Error()))
	}
	select {
	case call := <-r.calls:
		if len(call.GetFieldsJson()) > largestCall {
			t.Errorf("%s of %s: %s in %s is sent on with %d bytes", operation, path.Pattern, what, field, len(call.GetFieldsJson()))
		}
	default:
	}
}
