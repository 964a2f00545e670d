package backend

import (
	"encoding/hex"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"genesysvault.dev/plugin-shim/internal/descriptor"
	"genesysvault.dev/plugin-shim/internal/sidecar"
)

// answeredAlone is what the plugin knows by itself, where the sidecar gave a read
// no answer: why, and what waits for it.
func (m *mount) answeredAlone(away *sidecar.Unavailable) *logical.Response {
	data := map[string]any{
		descriptor.ShimVersion:      m.RunningVersion,
		descriptor.ProtocolVersion:  sidecar.ProtocolVersion,
		descriptor.DescriptorSHA256: hex.EncodeToString(m.engine.SHA256()),
		descriptor.SidecarError:     away.Reason,
	}
	m.mu.Lock()
	session, journaled := m.session, m.journaled
	m.mu.Unlock()
	// One request that got no answer says nothing of the session.
	open := false
	if session != nil {
		since, reason := session.Absence()
		open = away.Reason == sidecar.AnswersOthers && since.IsZero() && m.systemFacts().writable
		if !since.IsZero() {
			data[descriptor.SessionMissingSince] = since.UTC().Format(time.RFC3339)
			data[descriptor.SessionError] = reason
		}
	}
	data[descriptor.Session] = open
	if len(m.journalPrefixes) > 0 {
		data[descriptor.Journaled] = journaled
	}
	return &logical.Response{Data: data, Warnings: []string{
		"The sidecar gave no answer, so this is what the plugin knows by itself; all else is missing. " + away.Reason,
	}}
}
