package backend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/pb"
)

// pathResponse turns the sidecar's answer to a path's operation into Vault's.
func (m *mount) pathResponse(result *pb.Result, path *pb.Path) (*logical.Response, error) {
	switch outcome := result.GetOutcome().(type) {
	case *pb.Result_Nothing_:
		return nil, nil
	case *pb.Result_Error:
		return m.refusal(outcome.Error)
	case *pb.Result_Response:
		return m.content(outcome.Response, path)
	default:
		return nil, m.broken("a result without an outcome")
	}
}

func (m *mount) content(answer *pb.Response, path *pb.Path) (*logical.Response, error) {
	data, err := object(answer.GetDataJson())
	if err != nil {
		return nil, m.broken("data that is no JSON object")
	}
	issued := answer.GetSecret()
	if issued == nil {
		return &logical.Response{Data: data, Warnings: answer.GetWarnings()}, nil
	}
	if path.GetIssues() == "" || issued.GetSecretType() != path.GetIssues() {
		return nil, m.broken(fmt.Sprintf("a secret of type %q from path %q, which issues %q", issued.GetSecretType(), path.GetId(), path.GetIssues()))
	}
	internal, err := object(issued.GetInternalDataJson())
	if err != nil {
		return nil, m.broken("internal data that is no JSON object")
	}
	response := m.Secret(issued.GetSecretType()).Response(data, internal)
	response.Warnings = answer.GetWarnings()
	if err := m.setTimes(response.Secret, issued); err != nil {
		return nil, err
	}
	return response, nil
}

// renewResponse starts from the lease as it is: Vault replaces the whole of it
// by what it is answered.
func (m *mount) renewResponse(result *pb.Result, lease *logical.Secret, secret *pb.SecretType) (*logical.Response, error) {
	var answer *pb.Response
	switch outcome := result.GetOutcome().(type) {
	case *pb.Result_Nothing_:
		return nil, nil
	case *pb.Result_Error:
		return m.refusal(outcome.Error)
	case *pb.Result_Response:
		answer = outcome.Response
	default:
		return nil, m.broken("a result without an outcome")
	}
	data, err := object(answer.GetDataJson())
	if err != nil {
		return nil, m.broken("data that is no JSON object")
	}
	response := &logical.Response{Data: data, Warnings: answer.GetWarnings()}
	renewed := answer.GetSecret()
	if renewed == nil {
		return response, nil
	}
	if renewed.GetSecretType() != secret.GetId() {
		return nil, m.broken(fmt.Sprintf("a secret of type %q for a lease of type %q", renewed.GetSecretType(), secret.GetId()))
	}
	changes, err := object(renewed.GetInternalDataJson())
	if err != nil {
		return nil, m.broken("internal data that is no JSON object")
	}
	delete(changes, secretTypeKey)
	whole := *lease
	whole.InternalData = maps.Clone(lease.InternalData)
	maps.Copy(whole.InternalData, changes)
	response.Secret = &whole
	if err := m.setTimes(response.Secret, renewed); err != nil {
		return nil, err
	}
	return response, nil
}

func (m *mount) setTimes(secret *logical.Secret, issued *pb.IssuedSecret) error {
	ttl, longest := issued.GetTtl().AsDuration(), issued.GetMaxTtl().AsDuration()
	if ttl <= 0 || longest <= 0 {
		return m.broken(fmt.Sprintf("a lease of %s, and %s at the most; both must be positive", ttl, longest))
	}
	secret.TTL, secret.MaxTTL = ttl, longest
	return nil
}

// refusal returns sentinels bare: wrapped, they are mere text to Vault.
func (m *mount) refusal(refused *pb.Error) (*logical.Response, error) {
	switch refused.GetKind() {
	case pb.Error_KIND_USER:
		return logical.ErrorResponse("%s", refused.GetMessage()), nil
	case pb.Error_KIND_CODED:
		status := int(refused.GetHttpStatus())
		if status < 400 || status > 599 {
			return nil, m.broken(fmt.Sprintf("an error with HTTP status %d", status))
		}
		return nil, logical.CodedError(status, refused.GetMessage())
	case pb.Error_KIND_READ_ONLY:
		return nil, logical.ErrReadOnly
	case pb.Error_KIND_UNSUPPORTED_OPERATION:
		return nil, logical.ErrUnsupportedOperation
	default:
		return nil, m.broken(fmt.Sprintf("an error of kind %s", refused.GetKind()))
	}
}

// broken is an answer that the contract does not allow.
func (m *mount) broken(what string) error {
	m.Logger().Error("the sidecar broke the contract", "sent", what)
	return logical.CodedError(http.StatusInternalServerError, "the sidecar broke the contract: it sent "+what)
}

// object decodes one JSON object; empty text is none. Numbers keep their digits:
// integers stay integers on their way to the caller.
func object(text []byte) (map[string]any, error) {
	if len(text) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var decoded map[string]any
	if err := decoder.Decode(&decoded); err != nil {
		return nil, err
	}
	if decoded == nil {
		return nil, fmt.Errorf("null is no object")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, fmt.Errorf("more than one value")
	}
	return decoded, nil
}
