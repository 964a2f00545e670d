package backend

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
	vault "github.com/hashicorp/vault/sdk/plugin/pb"
)

// Vault's own limit of a request.
const vaultsLimit = 32 << 20

// mostCPU is what plugin and sidecar together may take, under the race detector too.
const mostCPU = 2 * time.Second

func TestNoBodyThatVaultLetsThroughTakesMuchCPU(t *testing.T) {
	r := newRig(t)
	many := &strings.Builder{}
	for i := 0; many.Len() < vaultsLimit-100; i++ {
		fmt.Fprintf(many, `"x%d":1,`, i)
	}
	bodies := map[string]string{
		"zeros":   `{"client_properties":[` + strings.Repeat("0,", vaultsLimit/2-20) + `0]}`,
		"objects": `{"client_properties":[` + strings.Repeat("{},", vaultsLimit/3-20) + `{}]}`,
		"slashes": `{"description":"` + strings.Repeat("/", vaultsLimit-100) + `"}`,
		"abyss":   `{"client_properties":` + strings.Repeat("[", vaultsLimit/2) + strings.Repeat("]", vaultsLimit/2) + `}`,
		"digits":  `{"ttl":` + strings.Repeat("9", vaultsLimit-100) + `}`,
		"unknown": `{` + many.String() + `"y":1}`,
		// As large as a body may be.
		"fitting zeros":   `{"client_properties":[` + strings.Repeat("0,", largestBody/2-20) + `0]}`,
		"fitting unknown": `{` + many.String()[:strings.LastIndex(many.String()[:largestBody-100], ",")+1] + `"y":1}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			before := cpu(t)
			said := r.asVault(t, body)
			if took := cpu(t) - before; took > mostCPU {
				t.Errorf("took %s of CPU", took)
			}
			if !strings.Contains(said, "at most") {
				t.Errorf("is answered %.200s", said)
			}
		})
	}
}

// asVault sends an update as Vault does, over what a plugin is served with, and
// returns what it is refused with.
func (r *rig) asVault(t *testing.T, body string) string {
	t.Helper()
	request := func() *vault.Request {
		return &vault.Request{ID: "1", Operation: "update", Path: "roles/a", Data: body}
	}
	if _, err := BoundBodies(t.Context(), &vault.HandleExistenceCheckArgs{Request: request()}, nil, func(ctx context.Context, args any) (any, error) {
		req, err := vault.ProtoRequestToLogicalRequest(args.(*vault.HandleExistenceCheckArgs).GetRequest())
		if err != nil {
			return nil, err
		}
		req.Storage = r.storage
		_, _, err = r.backend.HandleExistenceCheck(ctx, req)
		return nil, err
	}); err != nil {
		t.Fatal(err)
	}
	reply, err := BoundBodies(t.Context(), &vault.HandleRequestArgs{Request: request()}, nil, func(ctx context.Context, args any) (any, error) {
		req, err := vault.ProtoRequestToLogicalRequest(args.(*vault.HandleRequestArgs).GetRequest())
		if err != nil {
			return nil, err
		}
		req.Storage = r.storage
		resp, err := r.backend.HandleRequest(ctx, req)
		if err != nil {
			return nil, err
		}
		response, err := vault.LogicalResponseToProtoResponse(resp)
		return &vault.HandleRequestReply{Response: response}, err
	})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := vault.ProtoResponseToLogicalResponse(reply.(*vault.HandleRequestReply).GetResponse())
	if err != nil || !resp.IsError() {
		t.Fatalf("is answered %v, %v", resp, err)
	}
	return resp.Error().Error()
}

func TestARevokeIsNeverRefusedForItsBody(t *testing.T) {
	handled := false
	_, err := BoundBodies(t.Context(), &vault.HandleRequestArgs{Request: &vault.Request{Operation: string(logical.RevokeOperation)}}, nil, func(context.Context, any) (any, error) {
		handled = true
		return nil, nil
	})
	if !handled || err != nil {
		t.Errorf("handled is %t, %v", handled, err)
	}
}

func cpu(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
