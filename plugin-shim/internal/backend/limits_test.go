package backend

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

// None of these starts a sidecar: what reached out for one would be answered 503.
func TestWhatIsTooLargeIsRefusedBeforeAnythingIsSent(t *testing.T) {
	r := newRig(t)
	unknown, surplus := map[string]any{}, map[string]any{"api_url": strings.Repeat("/", 900_000), "client_secret": strings.Repeat("\n", 900_000)}
	for i := range 1000 {
		unknown[fmt.Sprint("x", i)] = true
	}
	cases := []struct {
		path string
		data map[string]any
		want string
	}{
		{"config", surplus, "field \"api_url\" has 900000 bytes; at most 2048 are allowed\nfield \"client_secret\" has 900000 bytes; at most 1024 are allowed"},
		{"static-roles/a", map[string]any{"rotation_schedule": strings.Repeat("* ", 300_000)}, `field "rotation_schedule" has 600000 bytes; at most 256 are allowed`},
		{"roles/a", map[string]any{"metadata": `{"a":"` + strings.Repeat("x", 20_000) + `"}`}, `field "metadata" has 20008 bytes; at most 16384 are allowed`},
		{"roles/a", map[string]any{"client_properties": `{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`}, `field "client_properties" is nested 101 deep; at most 16 are allowed`},
		{"roles/a", map[string]any{"ttl": json.Number(strings.Repeat("9", 10_000))}, `field "ttl" has 10000 bytes; at most 256 are allowed`},
		{"roles/a", unknown, "1000 fields are not known; at most 32 are ignored"},
		{"roles/a", map[string]any{strings.Repeat("x", 1000): true}, "a field whose name has 1000 bytes is not known"},
		{"roles/" + strings.Repeat("n", 600), nil, `field "name" has 600 bytes; at most 512 are allowed`},
		{strings.Repeat("roles/", 1000), nil, "the path has 6000 bytes; at most 2048 are allowed"},
	}
	for _, c := range cases {
		resp, err := r.do(logical.UpdateOperation, c.path, c.data)
		said := fmt.Sprint(err)
		if resp.IsError() {
			said = resp.Error().Error()
		}
		if said != c.want {
			t.Errorf("%.30s is answered %.300s, want %s", c.path, said, c.want)
		}
	}
	if _, _, err := r.backend.HandleExistenceCheck(t.Context(), r.request(logical.UpdateOperation, strings.Repeat("roles/", 1000), nil)); coded(t, err) != 400 {
		t.Errorf("the existence check of a long path is answered %v", err)
	}
}

func TestWhatVaultTellsOfACallerIsCut(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	req := r.request(logical.ReadOperation, "creds/a", nil)
	req.DisplayName, req.EntityID = strings.Repeat("é", 1_000_000), "entity\xff"
	if _, err := r.backend.HandleRequest(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	call := sidecartest.Receive(t, r.calls)
	same(t, "display name", call.GetDisplayName(), strings.Repeat("é", 256))
	same(t, "entity id", call.GetEntityId(), "entity")
}
