package backend

import (
	"context"
	"fmt"

	"github.com/hashicorp/vault/sdk/logical"
	vault "github.com/hashicorp/vault/sdk/plugin/pb"
	"google.golang.org/grpc"
)

// Some times what all fields of a path may come to, as Vault escapes them in JSON.
const largestBody = 2 << 20

// BoundBodies keeps request bodies that no path takes from being decoded: a body
// of 32 MiB, which Vault lets through, costs seconds each time, and Vault sends it
// twice. An existence check looks at the path alone.
func BoundBodies(ctx context.Context, args any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	switch call := args.(type) {
	case *vault.HandleExistenceCheckArgs:
		if request := call.GetRequest(); request != nil {
			request.Data = "{}"
		}
	case *vault.HandleRequestArgs:
		if bytes := len(call.GetRequest().GetData()); bytes > largestBody {
			refusal := logical.ErrorResponse("the request has %d bytes; at most %d are allowed", bytes, largestBody)
			response, err := vault.LogicalResponseToProtoResponse(refusal)
			if err != nil {
				return nil, fmt.Errorf("refusing a large request: %w", err)
			}
			return &vault.HandleRequestReply{Response: response}, nil
		}
	}
	return handle(ctx, args)
}
