package descriptor

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"genesysvault.dev/plugin-shim/internal/pb"
)

const (
	// Of the contract: fields whose types say how long they can be.
	mostScalarBytes = 256
	// Digits, sign and exponent of one number within a list or an object.
	mostNumberBytes = 64
	// Beyond this, a value is not measured to its end.
	mostMeasured = 1 << 20
)

// Limits is how much one field may bring in.
type Limits struct {
	bytes, items, depth int
}

// LimitsOf returns the limits of a field of a path.
func LimitsOf(field *pb.Field) Limits {
	if isScalar(field.GetType()) {
		return Limits{bytes: mostScalarBytes}
	}
	return Limits{bytes: int(field.GetMaxBytes()), items: int(field.GetMaxItems()), depth: int(field.GetMaxDepth())}
}

func isScalar(fieldType pb.FieldType) bool {
	switch fieldType {
	case pb.FieldType_FIELD_TYPE_INT, pb.FieldType_FIELD_TYPE_BOOL, pb.FieldType_FIELD_TYPE_DURATION_SECOND, pb.FieldType_FIELD_TYPE_TIME:
		return true
	default:
		return false
	}
}

// String says the limits to a user.
func (l Limits) String() string {
	if l.items == 0 {
		return fmt.Sprintf("At most %d bytes.", l.bytes)
	}
	return fmt.Sprintf("At most %d bytes of JSON, %d items, nested %d deep.", l.bytes, l.items, l.depth)
}

// Excess says by what a value is more than the limits allow; empty for nothing.
// It is fast for whatever value: what is far too large is not measured to its
// end.
func (l Limits) Excess(value any) string {
	if text, ok := value.(string); ok {
		return l.excessBytes(len(text))
	}
	m := &measure{limit: max(mostMeasured, l.bytes)}
	m.add(value, 0)
	switch {
	case m.bytes > l.bytes:
		return l.excessBytes(m.bytes)
	case m.depth > l.depth && l.items > 0:
		return fmt.Sprintf("is nested %d deep; at most %d are allowed", m.depth, l.depth)
	case m.items > l.items && l.items > 0:
		return fmt.Sprintf("has %d items; at most %d are allowed", m.items, l.items)
	}
	return m.number
}

func (l Limits) excessBytes(bytes int) string {
	switch {
	case bytes <= l.bytes:
		return ""
	case bytes > mostMeasured:
		return fmt.Sprintf("has more than %d bytes; at most %d are allowed", mostMeasured, l.bytes)
	default:
		return fmt.Sprintf("has %d bytes; at most %d are allowed", bytes, l.bytes)
	}
}

// measure adds up the compact JSON of a value. The sidecar reckons in the same
// way (FieldLimits.java).
type measure struct {
	limit, bytes, items, depth int
	number                     string
}

func (m *measure) add(value any, depth int) {
	if m.bytes > m.limit {
		return
	}
	switch v := value.(type) {
	case nil:
		m.bytes += len("null")
	case string:
		m.bytes += len(v) + len(`""`)
	case json.Number:
		m.bytes += len(v)
		m.check(v)
	case map[string]any:
		m.enter(len(v), depth)
		for name, member := range v {
			m.bytes += len(name) + len(`"":`)
			if m.add(member, depth+1); m.bytes > m.limit {
				return
			}
		}
	case []any:
		m.enter(len(v), depth)
		for _, item := range v {
			if m.add(item, depth+1); m.bytes > m.limit {
				return
			}
		}
	default:
		// Booleans, and numbers of who does not keep their digits.
		text, _ := json.Marshal(v)
		m.bytes += len(text)
	}
}

// enter counts the brackets of a list or an object, and a comma for each item.
func (m *measure) enter(items, depth int) {
	m.bytes += len("[]") + items
	m.depth = max(m.depth, depth+1)
	if depth == 0 {
		m.items = items
	}
}

// check finds a number that not everybody on its way can read.
func (m *measure) check(number json.Number) {
	if m.number != "" {
		return
	}
	text := number.String()
	if len(text) > mostNumberBytes {
		m.number = fmt.Sprintf("holds a number of %d characters; at most %d are allowed", len(text), mostNumberBytes)
	} else if strings.ContainsAny(text, ".eE") {
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			m.number = fmt.Sprintf("holds the number %s, which is too large", text)
		}
	}
}

// checkLimits finds a field without limits, or with some that make no sense.
func (v *validator) checkLimits(where string, fields []*pb.Field) {
	for _, field := range fields {
		bytes, items, depth := field.GetMaxBytes(), field.GetMaxItems(), field.GetMaxDepth()
		switch {
		case isScalar(field.GetType()):
			if bytes+items+depth > 0 {
				v.problem("%s: field %q has limits, which its type %s says already", where, field.GetName(), field.GetType())
			}
		case bytes == 0:
			v.problem("%s: field %q has no max_bytes: say how many bytes a caller may send", where, field.GetName())
		case isText(field.GetType()):
			if items+depth > 0 {
				v.problem("%s: field %q is text, which has neither max_items nor max_depth", where, field.GetName())
			}
		case items == 0 || depth == 0:
			v.problem("%s: field %q needs max_items and max_depth: say how many items, how deep in one another, a caller may send", where, field.GetName())
		}
	}
}
