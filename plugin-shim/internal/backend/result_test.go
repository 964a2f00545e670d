package backend

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
	"google.golang.org/protobuf/types/known/durationpb"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/pb"
	"genesysvault.dev/plugin-shim/internal/sidecartest"
)

func descriptorBackend(t *testing.T) *framework.Backend {
	t.Helper()
	return embedded(t).Backend(descriptor.Handlers{})
}

func issued(kind, internal string, ttl, longest time.Duration) *pb.IssuedSecret {
	return &pb.IssuedSecret{SecretType: kind, InternalDataJson: []byte(internal), Ttl: durationpb.New(ttl), MaxTtl: durationpb.New(longest)}
}

func TestResponsesBecomeVaults(t *testing.T) {
	r := newRig(t).saying(sidecartest.Response(&pb.Response{
		DataJson: []byte(`{"ttl":3600,"big":9007199254740993,"text":"a","list":[1],"none":null}`), Warnings: []string{"look"},
	}))
	resp, err := r.do(logical.ReadOperation, "config", nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "data", resp.Data, map[string]any{
		"ttl": json.Number("3600"), "big": json.Number("9007199254740993"), "text": "a", "list": []any{json.Number("1")}, "none": nil,
	})
	same(t, "warnings", resp.Warnings, []string{"look"})
	if resp.Secret != nil {
		t.Error("there is a lease")
	}
}

func TestNothingBecomesNil(t *testing.T) {
	resp, err := newRig(t).saying(sidecartest.Nothing()).do(logical.ReadOperation, "roles/none", nil)
	if resp != nil || err != nil {
		t.Errorf("answer is %v, %v", resp, err)
	}
}

func TestAResponseWithoutDataIsNotNothing(t *testing.T) {
	resp, err := newRig(t).saying(sidecartest.Response(&pb.Response{Warnings: []string{"w"}})).do(logical.DeleteOperation, "roles/x", map[string]any{"odd": 1})
	if resp == nil || err != nil || len(resp.Data) != 0 || len(resp.Warnings) != 2 || !strings.Contains(resp.Warnings[1], "odd") {
		t.Errorf("answer is %v, %v; want the sidecar's warning and the framework's", resp, err)
	}
}

func TestRefusalsBecomeVaults(t *testing.T) {
	cases := []struct {
		name    string
		refusal *pb.Error
		bare    error
		http    int
		text    string
	}{
		{"the caller's mistake", &pb.Error{Kind: pb.Error_KIND_USER, Message: "100% wrong"}, nil, 400, "100% wrong"},
		{"an HTTP status", &pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 502, Message: "upstream refuses"}, nil, 502, "upstream refuses"},
		{"a node that may not write", &pb.Error{Kind: pb.Error_KIND_READ_ONLY, Message: "x"}, logical.ErrReadOnly, 0, ""},
		{"an unsupported operation", &pb.Error{Kind: pb.Error_KIND_UNSUPPORTED_OPERATION}, logical.ErrUnsupportedOperation, 0, ""},
		{"an odd status", &pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 200}, nil, 500, "HTTP status 200"},
		{"no kind", &pb.Error{}, nil, 500, "KIND_UNSPECIFIED"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			resp, err := newRig(t).saying(sidecartest.Refusal(c.refusal)).do(logical.ReadOperation, "config", nil)
			switch {
			case c.bare != nil:
				if err != c.bare {
					t.Errorf("error is %v, want the sentinel itself", err)
				}
			case c.http == 400:
				if err != nil || !resp.IsError() || resp.Error().Error() != c.text {
					t.Errorf("answer is %v, %v", resp, err)
				}
			case coded(t, err) != c.http || !strings.Contains(err.Error(), c.text):
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestAnswersThatTheContractForbidsAre500(t *testing.T) {
	response := func(data string, secret *pb.IssuedSecret) *pb.Result {
		return sidecartest.Response(&pb.Response{DataJson: []byte(data), Secret: secret})
	}
	cases := []struct {
		name, path string
		result     *pb.Result
	}{
		{"no outcome", "config", &pb.Result{}},
		{"data that is a list", "config", response(`["hunter2"]`, nil)},
		{"data that is null", "config", response(`null`, nil)},
		{"data twice", "config", response(`{} {"a":"hunter2"}`, nil)},
		{"data that is no JSON", "config", response(`{hunter2`, nil)},
		{"a secret where none is issued", "config", response(`{}`, issued("oauth_client", `{}`, time.Hour, time.Hour))},
		{"a secret of another type", "creds/x", response(`{}`, issued("other", `{}`, time.Hour, time.Hour))},
		{"internal data that is no object", "creds/x", response(`{}`, issued("oauth_client", `[]`, time.Hour, time.Hour))},
		{"no ttl", "creds/x", response(`{}`, issued("oauth_client", `{}`, 0, time.Hour))},
		{"no max ttl", "creds/x", response(`{}`, issued("oauth_client", `{}`, time.Hour, 0))},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := newRig(t).saying(c.result).do(logical.ReadOperation, c.path, nil)
			if coded(t, err) != 500 || !strings.Contains(err.Error(), "the sidecar broke the contract") || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestASecretIsLeased(t *testing.T) {
	r := newRig(t).saying(sidecartest.Response(&pb.Response{
		DataJson: []byte(`{"client_id":"c"}`), Warnings: []string{"w"},
		Secret: issued("oauth_client", `{"key":"k","n":1,"secret_type":"forged"}`, time.Hour, 2*time.Hour),
	}))
	resp, err := r.do(logical.ReadOperation, "creds/demo", nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "data", resp.Data, map[string]any{"client_id": "c"})
	same(t, "internal data", resp.Secret.InternalData, map[string]any{"key": "k", "n": json.Number("1"), "secret_type": "oauth_client"})
	same(t, "ttl", resp.Secret.TTL, time.Hour)
	same(t, "max ttl", resp.Secret.MaxTTL, 2*time.Hour)
	same(t, "renewable", resp.Secret.Renewable, true)
	same(t, "warnings", resp.Warnings, []string{"w"})
}

var issueTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func lease(r *rig, operation logical.Operation, internal map[string]any) *logical.Request {
	req := r.request(operation, "creds/demo", nil)
	req.Secret = &logical.Secret{InternalData: internal, LeaseOptions: logical.LeaseOptions{
		TTL: time.Hour, MaxTTL: 3 * time.Hour, Increment: time.Minute, Renewable: true, IssueTime: issueTime,
	}}
	return req
}

func TestLeaseCallsSayWhatVaultKnows(t *testing.T) {
	r := newRig(t).saying(sidecartest.Nothing())
	for operation, want := range map[logical.Operation]pb.Operation{
		logical.RenewOperation: pb.Operation_OPERATION_RENEW, logical.RevokeOperation: pb.Operation_OPERATION_REVOKE,
	} {
		req := lease(r, operation, map[string]any{"secret_type": "oauth_client", "key": "k", "n": json.Number("5")})
		if resp, err := r.backend.HandleRequest(t.Context(), req); resp != nil || err != nil {
			t.Fatalf("%s is answered %v, %v", operation, resp, err)
		}
		same(t, "secret type of the request", req.Secret.InternalData["secret_type"], any("oauth_client"))
		got := sidecartest.Receive(t, r.calls)
		same(t, "operation", got.GetOperation(), want)
		same(t, "request id", got.GetRequestId(), "")
		same(t, "path id", got.GetPathId(), "")
		same(t, "fields", len(got.GetFieldsJson()), 0)
		secret := got.GetSecret()
		same(t, "type", secret.GetSecretType(), "oauth_client")
		same(t, "internal data", string(secret.GetInternalDataJson()), `{"key":"k","n":5}`)
		same(t, "ttl", secret.GetTtl().AsDuration(), time.Hour)
		same(t, "max ttl", secret.GetMaxTtl().AsDuration(), 3*time.Hour)
		same(t, "increment", secret.GetIncrement().AsDuration(), time.Minute)
		same(t, "issue time", secret.GetIssueTime().AsTime(), issueTime)
		same(t, "renewable", secret.GetRenewable(), true)
		same(t, "tainted is set", got.GetMount().Tainted != nil, operation == logical.RevokeOperation)
		entries := got.GetPrefetched()
		if len(entries) != 2 || entries[0].GetKey() != "config" || entries[1].GetKey() != "mount" {
			t.Errorf("prefetched is %v", entries)
		}
	}
}

func TestRenewKeepsTheWholeLease(t *testing.T) {
	cases := []struct {
		name, changes string
		want          map[string]any
	}{
		{"nothing changes", ``, map[string]any{"secret_type": "oauth_client", "key": "k", "old": "o"}},
		{"a member changes", `{"old":"n","more":"m","secret_type":"forged"}`, map[string]any{"secret_type": "oauth_client", "key": "k", "old": "n", "more": "m"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t).saying(sidecartest.Response(&pb.Response{Warnings: []string{"w"}, Secret: issued("oauth_client", c.changes, 2*time.Hour, 4*time.Hour)}))
			req := lease(r, logical.RenewOperation, map[string]any{"secret_type": "oauth_client", "key": "k", "old": "o"})
			resp, err := r.backend.HandleRequest(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "internal data", resp.Secret.InternalData, c.want)
			same(t, "ttl", resp.Secret.TTL, 2*time.Hour)
			same(t, "max ttl", resp.Secret.MaxTTL, 4*time.Hour)
			same(t, "issue time", resp.Secret.IssueTime, issueTime)
			same(t, "renewable", resp.Secret.Renewable, true)
			same(t, "warnings", resp.Warnings, []string{"w"})
			same(t, "the request's lease", req.Secret.TTL, time.Hour)
		})
	}
}

func TestRenewThatIsNoRenewal(t *testing.T) {
	internal := map[string]any{"secret_type": "oauth_client", "key": "k"}
	r := newRig(t).saying(sidecartest.Response(&pb.Response{Warnings: []string{"w"}}))
	resp, err := r.backend.HandleRequest(t.Context(), lease(r, logical.RenewOperation, internal))
	if err != nil || resp.Secret != nil || resp.Warnings[0] != "w" {
		t.Errorf("without a secret the answer is %v, %v", resp, err)
	}
	for name, result := range map[string]*pb.Result{
		"another type": sidecartest.Response(&pb.Response{Secret: issued("other", ``, time.Hour, time.Hour)}),
		"no ttl":       sidecartest.Response(&pb.Response{Secret: issued("oauth_client", ``, 0, time.Hour)}),
		"no object":    sidecartest.Response(&pb.Response{Secret: issued("oauth_client", `[]`, time.Hour, time.Hour)}),
		"bad data":     sidecartest.Response(&pb.Response{DataJson: []byte(`[]`)}),
		"no outcome":   {},
	} {
		r := newRig(t).saying(result)
		if _, err := r.backend.HandleRequest(t.Context(), lease(r, logical.RenewOperation, internal)); coded(t, err) != 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
	refused := newRig(t).saying(sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_USER, Message: "no longer"}))
	if resp, err := refused.backend.HandleRequest(t.Context(), lease(refused, logical.RenewOperation, internal)); err != nil || resp.Error().Error() != "no longer" {
		t.Errorf("a refusal is answered %v, %v", resp, err)
	}
}

func TestRevokeIsNeverGivenUp(t *testing.T) {
	internal := map[string]any{"secret_type": "oauth_client", "key": "k"}
	cases := []struct {
		name   string
		result *pb.Result
		http   int
	}{
		{"a response is success", sidecartest.Response(&pb.Response{DataJson: []byte(`{"error":"x"}`)}), 0},
		{"upstream is down", sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_CODED, HttpStatus: 504, Message: "slow"}), 504},
		{"an unsupported operation", sidecartest.Refusal(&pb.Error{Kind: pb.Error_KIND_UNSUPPORTED_OPERATION}), 500},
		{"no outcome", &pb.Result{}, 500},
	}
	for _, c := range cases {
		r := newRig(t).saying(c.result)
		resp, err := r.backend.HandleRequest(t.Context(), lease(r, logical.RevokeOperation, internal))
		switch {
		case c.http == 0 && (resp != nil || err != nil):
			t.Errorf("%s: %v, %v", c.name, resp, err)
		case c.http != 0 && coded(t, err) != c.http:
			t.Errorf("%s: %v", c.name, err)
		}
	}
	away := newRig(t)
	if _, err := away.backend.HandleRequest(t.Context(), lease(away, logical.RevokeOperation, internal)); coded(t, err) != 503 {
		t.Errorf("with the sidecar away: %v", err)
	}
	for _, unrecoverable := range []error{logical.ErrUnsupportedPath, logical.ErrUnsupportedOperation, logical.ErrInvalidRequest, logical.ErrUnrecoverable} {
		if got := revocable(unrecoverable); coded(t, got) != 500 {
			t.Errorf("%v becomes %v", unrecoverable, got)
		}
	}
	if got := revocable(logical.ErrReadOnly); got != logical.ErrReadOnly {
		t.Errorf("read-only becomes %v", got)
	}
	unknown := lease(away, logical.RevokeOperation, map[string]any{"secret_type": "unknown"})
	if _, err := away.backend.HandleRequest(t.Context(), unknown); err == nil || err == logical.ErrUnsupportedOperation {
		t.Errorf("a lease of an unknown type: %v", err)
	}
}
