package descriptor

import (
	"regexp"
	"strings"
)

// A capture's name starts with a letter, so that a repetition such as {2,3} of a
// regular expression is none.
var captureRE = regexp.MustCompile(`\{([a-z_][a-z0-9_]*)\}`)

// captures returns the names in curly braces, in order.
func captures(text string) []string {
	var names []string
	for _, match := range captureRE.FindAllStringSubmatch(text, -1) {
		names = append(names, match[1])
	}
	return names
}

// Expand replaces each {name} of a storage key's template by its value. It
// reports false where a value is missing or is no single part of a key: empty,
// with a slash, or a dot-dot.
func Expand(template string, value func(name string) (string, bool)) (string, bool) {
	whole := true
	key := captureRE.ReplaceAllStringFunc(template, func(part string) string {
		text, ok := value(part[1 : len(part)-1])
		if !ok || text == "" || text == "." || text == ".." || strings.Contains(text, "/") {
			whole = false
		}
		return text
	})
	if !whole {
		return "", false
	}
	return key, true
}
