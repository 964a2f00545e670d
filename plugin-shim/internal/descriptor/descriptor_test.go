package descriptor

import (
	"bytes"
	"context"
	"crypto/sha256"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
)

func TestTheEmbeddedCopyIsTheContractsFile(t *testing.T) {
	original, err := os.ReadFile("../../../proto/genesysvault/v1/engine.textproto")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(original, embedded) {
		t.Fatal("plugin-shim/internal/descriptor/engine.textproto differs from proto/genesysvault/v1/engine.textproto: copy it over")
	}
	d, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if want := sha256.Sum256(original); !bytes.Equal(d.SHA256(), want[:]) {
		t.Errorf("hash is %x, want that of the file's bytes, %x", d.SHA256(), want)
	}
}

const soundPath = `paths { id: "things/name" pattern: "things/{name}" existence_key: "things/{name}" prefetch: "things/{name}" issues: "token"
  fields { name: "name" type: FIELD_TYPE_STRING max_bytes: 20 }
  fields { name: "size" type: FIELD_TYPE_INT default_json: "3" allowed_json: "3" allowed_json: "4" display_name: "Size" example: "4" }
  operations { operation: "create" forward_standby: true }
  operations { operation: "read" summary: "Read it." forward_secondary: true responses { http_status: 200 description: "It." fields { name: "size" type: FIELD_TYPE_INT } } }
}
`

const soundEngine = `help: "An engine."
secret_types { id: "token" renewable: true prefetch: "tokens/{key}" }
secret_types { id: "fixed" }
special_paths { seal_wrapped: "things/" root: "admin/*" unauthenticated: "open" local: "local/" binary: "raw" limited: "slow/*" }
` + soundPath

func TestParseNamesWhatIsWrong(t *testing.T) {
	cases := []struct{ name, old, new, want string }{
		{"no protobuf text", soundEngine, "paths {", "no genesysvault.v1.Engine"},
		{"an unknown member", `help:`, `halp:`, "unknown field"},
		{"no help", `help: "An engine."`, ``, "no help"},
		{"no paths", soundPath, ``, "no paths"},
		{"a path without id", `id: "things/name"`, ``, "path number 1 has no id"},
		{"an id twice", soundPath, soundPath + soundPath, `path "things/name" occurs twice`},
		{"a pattern twice", soundPath, soundPath + soundPath, `pattern "things/{name}" belongs to an earlier path`},
		{"no pattern", `pattern: "things/{name}"`, ``, "no pattern"},
		{"an anchor", `pattern: "things/{name}"`, `pattern: "things/{name}$"`, "no anchors"},
		{"a bad pattern", `pattern: "things/{name}"`, `pattern: "things/({name}"`, "is no RE2"},
		{"an answer that is waited for too long", `id: "things/name"`, `id: "things/name" answer_within_ms: 60001`, "answer_within_ms is 60001"},
		{"a path that the shim cannot answer", `id: "things/name"`, `id: "things/name" answered_by_shim: true`, `must declare "sidecar_error" as FIELD_TYPE_STRING`},
		{"a write that the shim cannot answer", `id: "things/name"`, `id: "things/name" answered_by_shim: true`, `can be read alone, and must know no "create"`},
		{"a secret that the shim cannot issue", `id: "things/name"`, `id: "things/name" answered_by_shim: true`, "a path that issues a secret cannot be answered_by_shim"},
		{"a name captured twice", `pattern: "things/{name}"`, `pattern: "things/{name}/{name}"`, "captures one name twice"},
		{"a capture without a field", `pattern: "things/{name}"`, `pattern: "things/{name}/{more}"`, "capture {more} of the pattern has no field"},
		{"a captured number", `name: "name" type: FIELD_TYPE_STRING`, `name: "name" type: FIELD_TYPE_INT`, "its type must be text"},
		{"an existence key without its capture", `existence_key: "things/{name}"`, `existence_key: "things/{other}"`, `storage key "things/{other}" needs {other}`},
		{"a prefetched key without its capture", `prefetch: "things/{name}"`, `prefetch: "things/{other}"`, `storage key "things/{other}" needs {other}`},
		{"create without existence key", `existence_key: "things/{name}"`, ``, "needs an existence_key"},
		{"existence key without create", `operation: "create"`, `operation: "delete"`, "must know create"},
		{"an unknown secret type", `issues: "token"`, `issues: "ticket"`, `issues the secret type "ticket", which does not exist`},
		{"no operations", soundPath, `paths { id: "x" pattern: "x" }`, "has no operations"},
		{"an unknown operation", `operation: "read"`, `operation: "scan"`, `operation "scan" must be one of`},
		{"an operation twice", `operation: "read"`, `operation: "create"`, `operation "create" occurs twice`},
		{"an odd HTTP status", `http_status: 200`, `http_status: 99`, "HTTP status 99; it must be 100 to 599"},
		{"a text without limit", `max_bytes: 20`, ``, `field "name" has no max_bytes`},
		{"a text that is a list", `max_bytes: 20`, `max_bytes: 20 max_items: 3`, `field "name" is text, which has neither`},
		{"a number with a limit", `default_json: "3"`, `default_json: "3" max_bytes: 9`, `field "size" has limits, which its type`},
		{"a list without limits", `  operations { operation: "create"`, `  fields { name: "list" type: FIELD_TYPE_SLICE max_bytes: 9 }  operations { operation: "create"`, `field "list" needs max_items and max_depth`},
		{"a field without name", `name: "size" type: FIELD_TYPE_INT d`, `type: FIELD_TYPE_INT d`, "a field has no name"},
		{"a field twice", `name: "size" type: FIELD_TYPE_INT d`, `name: "name" type: FIELD_TYPE_INT d`, `field "name" occurs twice`},
		{"a field without type", `name: "name" type: FIELD_TYPE_STRING`, `name: "name"`, "FIELD_TYPE_UNSPECIFIED, which is unknown"},
		{"a default that is no JSON", `default_json: "3"`, `default_json: "{"`, `default_json of field "size" is no JSON`},
		{"a default of another type", `default_json: "3"`, `default_json: "\"big\""`, `default_json of field "size" is no FIELD_TYPE_INT`},
		{"an allowed value of another type", `allowed_json: "3"`, `allowed_json: "[1]"`, `allowed_json of field "size" is no FIELD_TYPE_INT`},
		{"a secret type with a dash", `id: "fixed"`, `id: "not-fixed"`, "letters, digits and underscores"},
		{"a secret type twice", `id: "fixed"`, `id: "token"`, `secret type "token" occurs twice`},
		{"a journal that nothing promises", `renewable: true`, `renewable: true journal_key: "journal/{key}"`, `journal_key and journal_promised_by go together`},
		{"a journal without a key", `renewable: true`, `renewable: true journal_promised_by: "later"`, `journal_key and journal_promised_by go together`},
		{"a prefix that is a key", `help: "An engine."`, `help: "An engine." records_prefix: "things"`, `records_prefix "things" must be relative, end in /`},
		{"a cached key that is absolute", `help: "An engine."`, `help: "An engine." cached: "/things"`, `cached: storage key "/things" must be relative`},
		{"a cached key with a capture", `help: "An engine."`, `help: "An engine." cached: "things/{name}"`, `cached: storage key "things/{name}" must have no capture`},
		{"an absolute prefix", `help: "An engine."`, `help: "An engine." records_prefix: "/things/"`, `records_prefix "/things/" must be relative`},
		{"an absolute storage key", `prefetch: "tokens/{key}"`, `prefetch: "/tokens"`, `storage key "/tokens" must be relative`},
		{"a storage key that climbs", `seal_wrapped: "things/"`, `seal_wrapped: "../things"`, `storage key "../things" must be relative`},
		{"an absolute special path", `root: "admin/*"`, `root: "/admin"`, `"/admin" must be a path below the mount`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(soundEngine, c.old) {
				t.Fatalf("the sound engine has no %q", c.old)
			}
			_, err := Parse([]byte(strings.Replace(soundEngine, c.old, c.new, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestParseNamesAllProblemsAtOnce(t *testing.T) {
	text := strings.NewReplacer(`issues: "token"`, `issues: "ticket"`, `operation: "read"`, `operation: "scan"`).Replace(soundEngine)
	_, err := Parse([]byte(text))
	if err == nil || !strings.Contains(err.Error(), "ticket") || !strings.Contains(err.Error(), "scan") {
		t.Fatalf("error is %v, want one that names both problems", err)
	}
}

func TestBackendIsWhatTheDescriptorSays(t *testing.T) {
	d, err := Parse([]byte(soundEngine))
	if err != nil {
		t.Fatal(err)
	}
	var served, revoked string
	b := d.Backend(Handlers{
		Serve: func(_ context.Context, _ *logical.Request, _ *framework.FieldData, path *pb.Path) (*logical.Response, error) {
			served = path.GetId()
			return nil, nil
		},
		Revoke: func(_ context.Context, _ *logical.Request, secret *pb.SecretType) (*logical.Response, error) {
			revoked = secret.GetId()
			return nil, nil
		},
	})
	special := b.SpecialPaths()
	for name, got := range map[string][]string{
		"things/": special.SealWrapStorage, "admin/*": special.Root, "open": special.Unauthenticated,
		"local/": special.LocalStorage, "raw": special.Binary, "slow/*": special.Limited,
	} {
		if len(got) != 1 || got[0] != name {
			t.Errorf("special paths are %v, want %q", got, name)
		}
	}
	if !b.Secret("token").Renewable() || b.Secret("fixed").Renewable() {
		t.Error("want token renewable, and fixed not")
	}
	if _, err := b.Secret("fixed").HandleRevoke(t.Context(), &logical.Request{}); err != nil || revoked != "fixed" {
		t.Errorf("revoked %q with %v, want fixed", revoked, err)
	}
	path := b.Route("things/a.b-c_d")
	if path == nil || b.Route("things/-a") != nil || b.Route("things/a/b") != nil || b.Route("things/") != nil {
		t.Fatal("captures must be names as Vault knows them")
	}
	size := path.Fields["size"]
	if size.Default != 3 || len(size.AllowedValues) != 2 || size.AllowedValues[1] != 4 || size.DisplayAttrs.Name != "Size" || size.DisplayAttrs.Value != "4" {
		t.Errorf("field is %+v", size)
	}
	read := path.Operations[logical.ReadOperation].Properties()
	if read.Summary != "Read it." || !read.ForwardPerformanceSecondary || read.ForwardPerformanceStandby || read.Responses[200][0].Fields["size"].Type != framework.TypeInt {
		t.Errorf("operation is %+v", read)
	}
	if _, err := path.Operations[logical.ReadOperation].Handler()(t.Context(), nil, nil); err != nil || served != "things/name" {
		t.Errorf("served %q with %v", served, err)
	}
}

func TestFieldsOfAPathThatIsNeverWrittenAreQueryParameters(t *testing.T) {
	d, err := Parse([]byte(`help: "h" paths { id: "a" pattern: "a/{name}" operations { operation: "read" }
	  fields { name: "name" type: FIELD_TYPE_STRING max_bytes: 20 } fields { name: "depth" type: FIELD_TYPE_INT } }`))
	if err != nil {
		t.Fatal(err)
	}
	fields := d.Backend(Handlers{}).Paths[0].Fields
	if fields["name"].Query || !fields["depth"].Query {
		t.Errorf("query is %t for the captured field and %t for the other", fields["name"].Query, fields["depth"].Query)
	}
}

func TestExpand(t *testing.T) {
	values := map[string]string{"name": "a.b", "empty": "", "path": "a/b", "up": ".."}
	cases := []struct {
		template, want string
		ok             bool
	}{
		{"config", "config", true},
		{"roles/{name}", "roles/a.b", true},
		{"x/{name}/{name}", "x/a.b/a.b", true},
		{"roles/{missing}", "", false},
		{"roles/{empty}", "", false},
		{"roles/{path}", "", false},
		{"roles/{up}", "", false},
	}
	for _, c := range cases {
		got, ok := Expand(c.template, func(name string) (string, bool) {
			text, ok := values[name]
			return text, ok
		})
		if got != c.want || ok != c.ok {
			t.Errorf("Expand(%q) is %q, %t; want %q, %t", c.template, got, ok, c.want, c.ok)
		}
	}
}
