package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
)

// writeText prints a line for each finding.
func writeText(w io.Writer, root string, found []*finding) error {
	b := bufio.NewWriter(w)
	for _, f := range found {
		fmt.Fprintf(b, "%s:%d:%d: %s: %s [%s]\n", relative(root, f.pos.File), f.pos.Line, f.pos.Column, f.severity, f.text(), f.rule.id)
	}
	return b.Flush()
}

// relative names a file from a folder, or as it is if it is not below.
func relative(root, file string) string {
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return file
}

// The parts of SARIF 2.1.0 that the report has.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string       `json:"id"`
		ShortDescription     sarifMessage `json:"shortDescription"`
		FullDescription      sarifMessage `json:"fullDescription"`
		DefaultConfiguration sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifInvocation struct {
		ExecutionSuccessful bool `json:"executionSuccessful"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysicalLocation `json:"physicalLocation"`
	}
	sarifPhysicalLocation struct {
		ArtifactLocation sarifArtifactLocation `json:"artifactLocation"`
		Region           sarifRegion           `json:"region"`
	}
	sarifArtifactLocation struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
	}
)

// writeSARIF prints a report for code scanning services. Files below root are
// named from there, by the base that such services call %SRCROOT%.
func writeSARIF(w io.Writer, root string, found []*finding) error {
	driver := sarifDriver{Name: "go-buildout-lint", InformationURI: "https://github.com/go-buildout/go-buildout"}
	index := map[*rule]int{}
	for i, r := range rules {
		index[r] = i
		driver.Rules = append(driver.Rules, sarifRule{r.id, sarifMessage{r.short}, sarifMessage{r.long}, sarifDefault{r.severity.String()}})
	}
	results := []sarifResult{}
	for _, f := range found {
		at := sarifPhysicalLocation{artifact(root, f.pos.File), sarifRegion{f.pos.Line, f.pos.Column}}
		results = append(results, sarifResult{f.rule.id, index[f.rule], f.severity.String(), sarifMessage{f.text()}, []sarifLocation{{at}}})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{Tool: sarifTool{driver}, Invocations: []sarifInvocation{{true}}, ColumnKind: "unicodeCodePoints", Results: results}},
	})
}

func artifact(root, file string) sarifArtifactLocation {
	if urlScheme.MatchString(file) {
		return sarifArtifactLocation{URI: file}
	}
	if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
		return sarifArtifactLocation{URI: (&url.URL{Path: filepath.ToSlash(rel)}).String(), URIBaseID: "%SRCROOT%"}
	}
	return sarifArtifactLocation{URI: (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()}
}
