package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

const sarifProfiles = `
-- sub dir/a:b.cfg --
[buildout]
extends = ../base.cfg
parts = frst
[first]
recipe = r
é = é ${base:<x>}
-- base.cfg --
[base]
x = 1
[note]
-- fragment.cfg --
[a]
x = ${nosuch:"x"}
y = ${nosuch:x}
`

// TestSARIF compares a log with testdata/golden.sarif, and checks what the
// standard asks of it.
func TestSARIF(t *testing.T) {
	dir := unpack(t, txtar.Parse([]byte(sarifProfiles)))
	status, stdout, stderr := lint(t, dir, "--format", "sarif", "sub dir/a:b.cfg", "fragment.cfg")
	require.Equal(t, statusFindings, status, stderr)
	require.NotContains(t, stdout, dir, "a report doesn't depend on where the profiles are")
	golden := filepath.Join("testdata", "golden.sarif")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(stdout), 0o666))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), stdout)
	results := validSARIF(t, stdout)
	require.Len(t, results, 4)
}

// TestSARIFEmpty: a log without results has them as an empty list, which is how
// it says that it looked.
func TestSARIFEmpty(t *testing.T) {
	dir := unpack(t, txtar.Parse([]byte("-- x.cfg --\n[buildout]\nparts =\n")))
	_, stdout, _ := lint(t, dir, "--format", "sarif", "x.cfg")
	require.Contains(t, stdout, `"results": []`)
	require.Empty(t, validSARIF(t, stdout))
}

// TestSARIFOutside names a file outside the root by its URL.
func TestSARIFOutside(t *testing.T) {
	require.Equal(t, sarifArtifactLocation{URI: "file:///a/b%20c.cfg"}, artifact("/r", "/a/b c.cfg"))
	require.Equal(t, sarifArtifactLocation{URI: "https://host/x.cfg"}, artifact("/r", "https://host/x.cfg"))
	require.Equal(t, sarifArtifactLocation{URI: "b%20c.cfg", URIBaseID: "%SRCROOT%"}, artifact("/r", "/r/b c.cfg"))
}

// validSARIF checks the properties that SARIF 2.1.0 requires of a log, by the
// sections of the standard, and gives its results.
func validSARIF(t *testing.T, text string) []any {
	t.Helper()
	var log map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &log))
	require.Equal(t, "2.1.0", log["version"], "3.13.2")
	_, err := url.ParseRequestURI(log["$schema"].(string))
	require.NoError(t, err, "3.13.3")
	runs := log["runs"].([]any)
	require.Len(t, runs, 1, "3.13.4")
	r := runs[0].(map[string]any)
	require.Contains(t, []string{"utf16CodeUnits", "unicodeCodePoints"}, r["columnKind"], "3.14.17")
	driver := r["tool"].(map[string]any)["driver"].(map[string]any)
	require.NotEmpty(t, driver["name"], "3.19.8")
	_, err = url.ParseRequestURI(driver["informationUri"].(string))
	require.NoError(t, err, "3.19.17")
	for _, i := range r["invocations"].([]any) {
		require.Equal(t, true, i.(map[string]any)["executionSuccessful"], "3.20.14")
	}
	levels := []string{"none", "note", "warning", "error"}
	ids := map[string]bool{}
	listed := driver["rules"].([]any)
	for _, descriptor := range listed {
		d := descriptor.(map[string]any)
		require.NotEmpty(t, d["id"], "3.49.3")
		require.False(t, ids[d["id"].(string)], "3.19.23: %s is there twice", d["id"])
		ids[d["id"].(string)] = true
		require.NotEmpty(t, d["shortDescription"].(map[string]any)["text"], "3.12.3")
		require.NotEmpty(t, d["fullDescription"].(map[string]any)["text"], "3.12.3")
		require.Contains(t, levels, d["defaultConfiguration"].(map[string]any)["level"], "3.50.3")
	}
	results, ok := r["results"].([]any)
	require.True(t, ok, "3.14.23: results is a list")
	for _, result := range results {
		f := result.(map[string]any)
		require.NotEmpty(t, f["message"].(map[string]any)["text"], "3.27.11")
		require.Contains(t, levels, f["level"], "3.27.10")
		index := int(f["ruleIndex"].(float64))
		require.Less(t, index, len(listed), "3.27.6")
		require.Equal(t, f["ruleId"], listed[index].(map[string]any)["id"], "3.27.5")
		locations := f["locations"].([]any)
		require.Len(t, locations, 1, "3.27.12")
		at := locations[0].(map[string]any)["physicalLocation"].(map[string]any)
		artifact := at["artifactLocation"].(map[string]any)
		uri, err := url.Parse(artifact["uri"].(string))
		require.NoError(t, err, "3.4.3")
		if artifact["uriBaseId"] != nil {
			require.Empty(t, uri.Scheme, "3.4.4: a URI with a base is relative")
			require.False(t, strings.HasPrefix(uri.Path, "/"), "3.4.4")
		}
		region := at["region"].(map[string]any)
		require.GreaterOrEqual(t, region["startLine"], 1.0, "3.30.5")
		require.GreaterOrEqual(t, region["startColumn"], 1.0, "3.30.6")
	}
	return results
}
