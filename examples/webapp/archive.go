//go:build ignore

// Archive makes release/webapp-1.0.tar.gz of webapp-1.0. The same sources always
// give the same archive, whose MD5 sum it prints for software.cfg.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	var archive bytes.Buffer
	z := gzip.NewWriter(&archive)
	t := tar.NewWriter(z)
	names, err := filepath.Glob("webapp-1.0/*")
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			log.Fatal(err)
		}
		h := &tar.Header{Name: name, Size: int64(len(content)), Mode: 0o644, ModTime: time.Unix(1_700_000_000, 0), Format: tar.FormatUSTAR}
		if filepath.Base(name) == "configure" {
			h.Mode = 0o755
		}
		if err := t.WriteHeader(h); err != nil {
			log.Fatal(err)
		}
		if _, err := t.Write(content); err != nil {
			log.Fatal(err)
		}
	}
	if err := t.Close(); err != nil {
		log.Fatal(err)
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("release/webapp-1.0.tar.gz", archive.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%x\n", md5.Sum(archive.Bytes()))
}
