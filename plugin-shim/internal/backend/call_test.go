package backend

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func TestACallSaysWhatTheCallerSentAndNothingElse(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	got := r.call(logical.UpdateOperation, "roles/demo", map[string]any{
		"name": "other", "ttl": "30m", "max_ttl": json.Number("7200"), "skip_verification": "true", "metadata": map[string]any{"team": "pay"},
		"client_properties": map[string]any{"n": json.Number("9007199254740993")}, "role_divisions": []any{"a:b"}, "unknown": "x", "description": "",
	})
	same(t, "operation", got.GetOperation(), pb.Operation_OPERATION_UPDATE)
	same(t, "path id", got.GetPathId(), "roles/name")
	same(t, "request id", got.GetRequestId(), "request-1")
	same(t, "display name", got.GetDisplayName(), "token-a")
	same(t, "entity", got.GetEntityId(), "entity-1")
	same(t, "captures", got.GetCaptures(), map[string]string{"name": "demo"})
	same(t, "path", got.GetMount().GetPath(), "genesys/")
	same(t, "accessor", got.GetMount().GetAccessor(), "accessor-1")
	same(t, "fields", asJSON(t, got.GetFieldsJson()), map[string]any{
		"ttl": 1800.0, "max_ttl": 7200.0, "skip_verification": true, "metadata": map[string]any{"team": "pay"},
		"client_properties": map[string]any{"n": 9007199254740993.0}, "role_divisions": []any{"a:b"}, "description": "",
	})
	if !strings.Contains(string(got.GetFieldsJson()), "9007199254740993") {
		t.Errorf("fields are %s: a number lost digits", got.GetFieldsJson())
	}
	if got.Secret != nil {
		t.Error("a path's call has a lease")
	}
}

func TestJSONThatCameAsTextIsReadWhereAFieldIsAnObjectOrAList(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	got := r.call(logical.UpdateOperation, "roles/demo", map[string]any{
		"client_properties": `{"list":[1],"n":9007199254740993}`, "role_divisions": `[{"role_id":"a"},"b:c"]`, "description": `{"stays":"text"}`,
	})
	same(t, "fields", asJSON(t, got.GetFieldsJson()), map[string]any{
		"client_properties": map[string]any{"list": []any{1.0}, "n": 9007199254740993.0},
		"role_divisions":    []any{map[string]any{"role_id": "a"}, "b:c"}, "description": `{"stays":"text"}`,
	})
	if !strings.Contains(string(got.GetFieldsJson()), "9007199254740993") {
		t.Errorf("fields are %s: a number lost digits", got.GetFieldsJson())
	}
}

func TestPairsComeAsJSONTextAndAsKeysWithTheirValues(t *testing.T) {
	for value, want := range map[string]any{
		`{"a":"b=c"}`: map[string]any{"a": "b=c"}, "owner=crm team": map[string]any{"owner": "crm team"},
		`["a=b","c=d"]`: map[string]any{"a": "b", "c": "d"}, "": map[string]any{}, "{}": map[string]any{},
	} {
		r := newRig(t).saying(sidecartest.Nothing())
		got := r.call(logical.UpdateOperation, "roles/demo", map[string]any{"metadata": value})
		same(t, value, asJSON(t, got.GetFieldsJson()), map[string]any{"metadata": want})
	}
	r := newRig(t)
	resp, err := r.do(logical.UpdateOperation, "roles/demo", map[string]any{"metadata": `{"a":"b=c"`})
	if err != nil || resp.Error() == nil || !strings.Contains(resp.Error().Error(), `field "metadata" is "{\"a\":\"b=c\""; it must be a JSON object`) {
		t.Errorf("broken JSON is answered %v, %v", resp, err)
	}
}

func TestTextThatIsNoJSONListIsOneItem(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	got := r.call(logical.UpdateOperation, "roles/demo", map[string]any{"role_divisions": "a:b,c:d"})
	same(t, "fields", asJSON(t, got.GetFieldsJson()), map[string]any{"role_divisions": []any{"a:b,c:d"}})
}

func TestEveryOperationHasItsName(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	for operation, c := range map[logical.Operation]struct {
		path string
		want pb.Operation
	}{
		logical.CreateOperation: {"roles/demo", pb.Operation_OPERATION_CREATE}, logical.ReadOperation: {"roles/demo", pb.Operation_OPERATION_READ},
		logical.DeleteOperation: {"roles/demo", pb.Operation_OPERATION_DELETE}, logical.ListOperation: {"roles/", pb.Operation_OPERATION_LIST},
	} {
		got := r.call(operation, c.path, nil)
		same(t, "operation", got.GetOperation(), c.want)
		same(t, "fields", string(got.GetFieldsJson()), "{}")
	}
}

const everyType = `help: "h" paths { id: "all/name" pattern: "all/{name}" existence_key: "all/{name}"
  fields { name: "name" type: FIELD_TYPE_LOWERCASE_STRING max_bytes: 1000 } fields { name: "s" type: FIELD_TYPE_STRING max_bytes: 1000 } fields { name: "i" type: FIELD_TYPE_INT }
  fields { name: "b" type: FIELD_TYPE_BOOL default_json: "true" } fields { name: "d" type: FIELD_TYPE_DURATION_SECOND } fields { name: "m" type: FIELD_TYPE_MAP max_bytes: 1000 max_items: 3 max_depth: 2 }
  fields { name: "l" type: FIELD_TYPE_SLICE max_bytes: 1000 max_items: 3 max_depth: 2 } fields { name: "c" type: FIELD_TYPE_COMMA_STRING_SLICE max_bytes: 1000 max_items: 3 max_depth: 2 } fields { name: "k" type: FIELD_TYPE_KEY_VALUE_PAIRS max_bytes: 1000 max_items: 3 max_depth: 2 }
  fields { name: "t" type: FIELD_TYPE_TIME } fields { name: "secret" type: FIELD_TYPE_INT sensitive: true }
  operations { operation: "create" } operations { operation: "update" } }`

func TestFieldsAreCoercedToTheirTypes(t *testing.T) {
	d, err := descriptor.Parse([]byte(everyType))
	if err != nil {
		t.Fatal(err)
	}
	r := newRigOf(t, d, "mount", sidecartest.Socket(t)).saying(sidecartest.Nothing())
	cases := []struct {
		field     string
		sent, got any
	}{
		{"s", "Text", "Text"}, {"s", 5, "5"}, {"s", nil, ""}, {"i", "12", 12.0}, {"i", json.Number("-3"), -3.0}, {"b", "false", false},
		{"d", "1h", 3600.0}, {"d", json.Number("60"), 60.0}, {"d", 0, 0.0}, {"m", map[string]any{"a": []any{1}}, map[string]any{"a": []any{1.0}}},
		{"m", nil, map[string]any{}}, {"k", nil, map[string]any{}}, {"l", "one", []any{"one"}}, {"l", nil, []any{}},
		{"c", "a, b", []any{"a", "b"}}, {"c", []any{"a"}, []any{"a"}}, {"c", "", []any{}}, {"k", []any{"a=b"}, map[string]any{"a": "b"}},
		{"t", "2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05Z"},
	}
	for _, c := range cases {
		got := r.call(logical.UpdateOperation, "all/Demo", map[string]any{c.field: c.sent})
		same(t, c.field, asJSON(t, got.GetFieldsJson()), map[string]any{c.field: c.got})
		same(t, "captures", got.GetCaptures(), map[string]string{"name": "demo"})
	}
	r.put("all/demo", "x")
	if _, exists, err := r.backend.HandleExistenceCheck(t.Context(), r.request(logical.UpdateOperation, "all/Demo", nil)); !exists || err != nil {
		t.Errorf("the existence check looks elsewhere than the call: %t, %v", exists, err)
	}
	for field, sent := range map[string]any{"d": nil, "t": nil} {
		if got := r.call(logical.UpdateOperation, "all/x", map[string]any{field: sent}); string(got.GetFieldsJson()) != "{}" {
			t.Errorf("null for %s is sent as %s", field, got.GetFieldsJson())
		}
	}
}

func TestBadInputNamesFieldAndValue(t *testing.T) {
	d, err := descriptor.Parse([]byte(everyType))
	if err != nil {
		t.Fatal(err)
	}
	r := newRigOf(t, d, "mount", sidecartest.Socket(t))
	cases := []struct {
		data map[string]any
		want string
	}{
		{map[string]any{"i": "many"}, `field "i" is "many"; it must be a whole number`},
		{map[string]any{"d": "-5s"}, `field "d" is "-5s"; it must be seconds, or text such as "30m", and not negative`},
		{map[string]any{"b": "perhaps"}, `field "b" is "perhaps"; it must be true or false`},
		{map[string]any{"m": "x"}, `field "m" is "x"; it must be a JSON object`},
		{map[string]any{"s": []any{"a"}}, `field "s" is ["a"]; it must be text`},
		{map[string]any{"t": "soon"}, `field "t" is "soon"; it must be a time such as`},
		{map[string]any{"k": "x"}, `field "k" is "x"; it must be a JSON object of texts`},
		{map[string]any{"secret": "hunter2"}, `field "secret" is a value that is not shown; it must be a whole number`},
		{map[string]any{"i": strings.Repeat("é", 90)}, "…; it must be a whole number"},
		{map[string]any{"i": "x", "d": "y"}, "field \"d\" is \"y\"; it must be seconds, or text such as \"30m\", and not negative\nfield \"i\" is"},
	}
	for _, c := range cases {
		resp, err := r.do(logical.UpdateOperation, "all/demo", c.data)
		if err != nil || !resp.IsError() || !strings.Contains(resp.Error().Error(), c.want) {
			t.Errorf("%v is answered %v, %v; want %q", c.data, resp, err, c.want)
		}
		if resp != nil && strings.Contains(resp.Error().Error(), "hunter2") {
			t.Error("the answer shows what is secret")
		}
	}
	// The path gives this field, whatever the body says.
	if _, err := r.do(logical.UpdateOperation, "all/demo", map[string]any{"name": []any{1}}); coded(t, err) != 503 {
		t.Errorf("a captured field in the body: %v", err)
	}
}

func TestPrefetchedEntriesGoWithTheCall(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	r.put("roles/demo", "role")
	r.put("config", "")
	got := r.call(logical.ReadOperation, "creds/demo", nil).GetPrefetched()
	if len(got) != 4 {
		t.Fatalf("prefetched is %v", got)
	}
	same(t, "keys", []string{got[0].GetKey(), got[1].GetKey(), got[2].GetKey(), got[3].GetKey()}, []string{"roles/demo", "drain", "config", "mount"})
	if string(got[0].Value) != "role" || got[1].Value != nil || got[2].Value == nil || got[3].Value != nil {
		t.Errorf("prefetched is %v; want a value, an empty value and none", got)
	}
	req := r.request(logical.ReadOperation, "creds/demo", nil)
	req.Storage = faulty{logical.ErrReadOnly}
	if _, err := r.backend.HandleRequest(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if got := sidecartest.Receive(t, r.calls); len(got.GetPrefetched()) != 0 {
		t.Errorf("a storage that fails gives %v", got.GetPrefetched())
	}
}

func TestFactsAreThoseOfVault(t *testing.T) {
	day, hour := 24*time.Hour, time.Hour
	cases := []struct {
		name              string
		change            func(*view)
		standard, longest time.Duration
		writable          bool
	}{
		{"active node", func(*view) {}, hour, day, true},
		{"standby", func(v *view) { v.state = consts.ReplicationPerformanceStandby }, hour, day, false},
		{"disaster recovery", func(v *view) { v.state = consts.ReplicationDRSecondary }, hour, day, false},
		{"secondary", func(v *view) { v.state = consts.ReplicationPerformanceSecondary }, hour, day, false},
		{"local mount of a secondary", func(v *view) { v.state, v.local = consts.ReplicationPerformanceSecondary, true }, hour, day, true},
		{"local mount of a standby", func(v *view) { v.state, v.local = consts.ReplicationPerformanceStandby, true }, hour, day, false},
		{"Vault cannot be asked", func(v *view) { v.broken = true }, 0, 0, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t).saying(sidecartest.Nothing())
			r.system.set(c.change)
			got := r.call(logical.ReadOperation, "config", nil).GetMount()
			same(t, "default", got.GetDefaultLeaseTtl().AsDuration(), c.standard)
			same(t, "max", got.GetMaxLeaseTtl().AsDuration(), c.longest)
			same(t, "default is set", got.DefaultLeaseTtl != nil, c.standard > 0)
			same(t, "max is set", got.MaxLeaseTtl != nil, c.longest > 0)
			same(t, "writable", got.GetWritable(), c.writable)
			same(t, "tainted is set", got.Tainted != nil, false)
		})
	}
}

func TestAStandbyWithoutASidecarHasTheActiveNodeAsked(t *testing.T) {
	r := newRig(t)
	r.system.set(func(v *view) { v.state = consts.ReplicationPerformanceStandby })
	if _, err := r.do(logical.ReadOperation, "static-creds/crm", nil); !errors.Is(err, logical.ErrPerfStandbyPleaseForward) {
		t.Errorf("answers %v", err)
	}
}

func TestAStandbyWhoseSidecarHangsHasTheActiveNodeAsked(t *testing.T) {
	release := make(chan struct{})
	r := newRig(t).serving(func(*sidecartest.Stream) *pb.Result {
		<-release
		return sidecartest.Nothing()
	})
	defer close(release)
	r.system.set(func(v *view) { v.state = consts.ReplicationPerformanceStandby })
	if _, err := r.do(logical.ReadOperation, "static-creds/crm", nil); !errors.Is(err, logical.ErrPerfStandbyPleaseForward) {
		t.Errorf("answers %v", err)
	}
}

func TestAnActiveNodeWithoutASidecarSaysSo(t *testing.T) {
	r := newRig(t)
	if _, err := r.do(logical.ReadOperation, "static-creds/crm", nil); coded(t, err) != 503 {
		t.Errorf("answers %v", err)
	}
}

func TestARefusalOnAStandbyIsNotForwarded(t *testing.T) {
	r := newRig(t).saying(&pb.Result{Outcome: &pb.Result_Error{Error: &pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 503, Message: "no"}}})
	r.system.set(func(v *view) { v.state = consts.ReplicationPerformanceStandby })
	if _, err := r.do(logical.ReadOperation, "static-creds/crm", nil); coded(t, err) != 503 {
		t.Errorf("answers %v", err)
	}
}

func TestFactsAreCachedForSeconds(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	longest := func() time.Duration {
		return r.call(logical.ReadOperation, "config", nil).GetMount().GetMaxLeaseTtl().AsDuration()
	}
	r.system.set(func(v *view) { v.broken = true })
	same(t, "unknown", longest(), time.Duration(0))
	r.system.set(func(v *view) { v.broken = false })
	same(t, "after Vault came back", longest(), 24*time.Hour)
	// The first frame of the new sidecar was seen before, so that what is cached now stays.
	r.system.set(func(v *view) { v.longest = time.Hour })
	same(t, "within ten seconds", longest(), 24*time.Hour)
	r.clock.Add(10)
	same(t, "after ten seconds", longest(), time.Hour)
}

func TestAnotherSidecarFindsNothingCached(t *testing.T) {
	r := newRig(t)
	m := r.backend.(*mount)
	m.noteInstance("one")
	m.facts(false)
	r.system.set(func(v *view) { v.longest = time.Hour })
	m.noteInstance("one")
	m.noteInstance("")
	same(t, "same sidecar", m.facts(false).GetMaxLeaseTtl().AsDuration(), 24*time.Hour)
	m.noteInstance("two")
	same(t, "another sidecar", m.facts(false).GetMaxLeaseTtl().AsDuration(), time.Hour)
}

func TestATaintIsAskedAboutWithEachRequestUntilItIsGone(t *testing.T) {
	r := newRig(t)
	m := r.backend.(*mount)
	if got := m.facts(false).Tainted; got != nil {
		t.Errorf("before: tainted is %v, want unset", *got)
	}
	r.system.set(func(v *view) { v.tainted = true })
	m.facts(true)
	if got := m.facts(false).Tainted; got == nil || !*got {
		t.Errorf("meanwhile: tainted is %v, want true", got)
	}
	r.system.set(func(v *view) { v.tainted = false })
	if got := m.facts(false).Tainted; got == nil || *got {
		t.Errorf("the first one after it: tainted is %v, want false", got)
	}
	if got := m.facts(false).Tainted; got != nil {
		t.Errorf("afterwards: tainted is %v, want unset", *got)
	}
}

func TestTaintedIsAskedAfreshAndNeverGuessed(t *testing.T) {
	r := newRig(t)
	m := r.backend.(*mount)
	if got := m.facts(true).Tainted; got == nil || *got {
		t.Errorf("tainted is %v, want false", got)
	}
	r.system.set(func(v *view) { v.tainted = true })
	if got := m.facts(true).Tainted; got == nil || !*got {
		t.Errorf("tainted is %v, want true", got)
	}
	r.system.set(func(v *view) { v.broken = true })
	if got := m.facts(true).Tainted; got != nil {
		t.Errorf("tainted is %v, want unset", *got)
	}
	if got := (&mount{Backend: descriptorBackend(t), now: time.Now}).facts(true); got.Tainted != nil || got.Writable {
		t.Errorf("without a system view the facts are %v", got)
	}
}

func TestOnlyWhatPromisesAnAnswerIsCutShort(t *testing.T) {
	text, err := os.ReadFile("../descriptor/engine.textproto")
	if err != nil {
		t.Fatal(err)
	}
	d, err := descriptor.Parse([]byte(strings.Replace(string(text), "answer_within_ms: 2500", "answer_within_ms: 100", 1)))
	if err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	r := newRigOf(t, d, "mount-1", sidecartest.Socket(t)).serving(func(*sidecartest.Stream) *pb.Result {
		<-release
		return sidecartest.Nothing()
	})
	resp, err := r.do(logical.ReadOperation, "status", nil)
	if err != nil || !strings.Contains(resp.Data["sidecar_error"].(string), "does not answer since") {
		t.Errorf("answers %v, %v", resp, err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := r.do(logical.ReadOperation, "roles/demo", nil)
		ended <- err
	}()
	same(t, "the first call", sidecartest.Receive(t, r.calls).GetPathId(), "status")
	same(t, "the second call", sidecartest.Receive(t, r.calls).GetPathId(), "roles/name")
	close(release)
	if err := sidecartest.Receive(t, ended); err != nil {
		t.Errorf("a read that promises nothing is answered %v", err)
	}
}

func TestAListSaysWhichPageItsCallerAskedFor(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	for _, path := range []string{"roles/", "static-roles/", "clients/"} {
		for limit, want := range map[string]float64{"2": 2, "0": 0, "-1": -1, "1000000000000000000": 1e18, "": 0} {
			got := r.call(logical.ListOperation, path, map[string]any{"after": " Ké/", "limit": limit})
			same(t, "fields", asJSON(t, got.GetFieldsJson()), map[string]any{"after": " Ké/", "limit": want})
		}
		for what, c := range map[string]struct {
			field string
			value any
			want  string
		}{
			"a text":        {"limit", "many", `field "limit" is "many"; it must be a whole number up to 9223372036854775807`},
			"a huge number": {"limit", "10000000000000000000", `field "limit" is "10000000000000000000"; it must be a whole number up to 9223372036854775807`},
			"a huge text":   {"limit", strings.Repeat("9", 300), `field "limit" has 300 bytes; at most 256 are allowed`},
			"two limits":    {"limit", []any{"1", "2"}, `field "limit" is ["1","2"]; it must be a whole number up to 9223372036854775807`},
			"a huge key":    {"after", strings.Repeat("k", 513), `field "after" has 513 bytes; at most 512 are allowed`},
			"two keys":      {"after", []any{"a", "b"}, `field "after" is ["a","b"]; it must be text`},
			"a fraction":    {"limit", "1.5", `field "limit" is "1.5"; it must be a whole number up to 9223372036854775807`},
		} {
			resp, err := r.do(logical.ListOperation, path, map[string]any{c.field: c.value})
			if err != nil || resp.Error() == nil || resp.Error().Error() != c.want {
				t.Errorf("%s for %s is answered %v, %v; want %s", what, path, resp, err, c.want)
			}
		}
	}
}
