package backend

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

// readJSONText turns JSON objects and lists that came as text into what they
// say, where a field is one: `vault write` sends name=@file and name='{…}' as
// text. Other text stays, and is judged with everything else.
func (m *mount) readJSONText(req *logical.Request) {
	path := m.Route(req.Path)
	if path == nil {
		return
	}
	for name, value := range maps.All(req.Data) {
		text, isText := value.(string)
		schema := path.Fields[name]
		if !isText || schema == nil {
			continue
		}
		switch schema.Type {
		case framework.TypeMap, framework.TypeKVPairs:
			if object, ok := decoded[map[string]any](text); ok {
				req.Data[name] = object
			} else if text == "" {
				// As name= is meant: nothing is in it any more.
				req.Data[name] = map[string]any{}
			} else if list, ok := decoded[[]any](text); ok && schema.Type == framework.TypeKVPairs {
				req.Data[name] = list
			}
		case framework.TypeSlice:
			if list, ok := decoded[[]any](text); ok {
				req.Data[name] = list
			}
		}
	}
}

// brokenPairs reports whether a value is text that begins as an object and is
// none: not a key with its value, whatever equals signs are in it.
func brokenPairs(schema *framework.FieldSchema, value any) bool {
	text, isText := value.(string)
	return isText && schema.Type == framework.TypeKVPairs && strings.HasPrefix(strings.TrimSpace(text), "{")
}

func decoded[T any](text string) (T, bool) {
	var value T
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil || decoder.More() {
		var none T
		return none, false
	}
	return value, true
}
