package fetch_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/go-buildout/go-buildout/fetch"
)

func ExampleClient_Fetch() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "hello, world\n")
	}))
	defer server.Close()
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	ctx := context.Background()
	url := server.URL + "/greeting.txt?download=1"
	cache := filepath.Join(dir, fetch.CacheName(url, false))
	client := &fetch.Client{}
	defer client.CloseIdleConnections()

	path, temporary, err := client.Fetch(ctx, url, "22c3683b094136c3398391ae71b20f04", cache, false)
	fmt.Println(filepath.Base(path), temporary, err)

	// The file in the cache doesn't have this checksum, and offline there is
	// no other one.
	_, _, err = client.Fetch(ctx, url, "d41d8cd98f00b204e9800998ecf8427e", cache, true)
	var wrong *fetch.ChecksumError
	if errors.As(err, &wrong) {
		fmt.Println("expected", wrong.Want)
		fmt.Println("found   ", wrong.Got)
	}
	// Output:
	// greeting.txt false <nil>
	// expected d41d8cd98f00b204e9800998ecf8427e
	// found    22c3683b094136c3398391ae71b20f04
}

func ExampleUnpack() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range []string{"pkg-1/configure", "pkg-1/doc/manual.txt", "../evil"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: 1}); err != nil {
			log.Fatal(err)
		}
		if _, err := w.Write([]byte("x")); err != nil {
			log.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	archive := filepath.Join(dir, "pkg-1.tar")
	if err := os.WriteFile(archive, b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}

	result, err := fetch.Unpack(context.Background(), archive, filepath.Join(dir, "build"), fetch.UnpackOptions{
		Exclude: []string{"*/doc/*"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Format, result.Files, "file")
	fmt.Println("excluded", result.Excluded)
	fmt.Println("skipped", result.Skipped)
	// Output:
	// tar 1 file
	// excluded [pkg-1/doc/manual.txt]
	// skipped [{../evil ".." in the path}]
}
