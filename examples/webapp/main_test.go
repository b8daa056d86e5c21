package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// deploy runs the demonstration and returns what it said.
func deploy(t *testing.T, dir string, assignments ...string) string {
	t.Helper()
	var out bytes.Buffer
	d := deployment{dir: dir, out: &out, commands: &out}
	require.NoError(t, d.run(context.Background(), assignments), out.String())
	return out.String()
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// snapshot identifies every file below a directory.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		inode := uint64(0)
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			inode = st.Ino
		}
		if all[path] = fmt.Sprint(info.Mode(), info.ModTime(), inode); info.IsDir() {
			all[path] = info.Mode().String() // the lock of a run comes and goes
		}
		return nil
	}))
	return all
}

func TestWebapp(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	instance := filepath.Join(dir, "instance")
	port := fmt.Sprintf("instance-parameter:configuration.port=%d", freePort(t))
	out := deploy(t, dir, port)
	require.Contains(t, out, "install webapp\n")
	require.Contains(t, out, "install webapp-promise\n")

	t.Run("second run", func(t *testing.T) {
		before := snapshot(t, dir)
		out := deploy(t, dir, port)
		require.NotContains(t, out, "nstalling")
		require.Contains(t, out, "Updating webapp-config.")
		require.Equal(t, before, snapshot(t, dir))
	})

	t.Run("service", func(t *testing.T) {
		service := filepath.Join(instance, "etc", "service", "webapp")
		check, err := exec.Command(service, "--check").CombinedOutput()
		require.NoError(t, err, "the wrapper passes arguments on")
		address, greeting, _ := strings.Cut(strings.TrimSpace(string(check)), " ")
		require.Equal(t, "Hello, SlapOS!", greeting)
		running := exec.Command(service)
		require.NoError(t, running.Start())
		defer func() {
			_ = running.Process.Kill()
			_ = running.Wait()
		}()
		require.Equal(t, "Hello, SlapOS!\n", get(t, "http://"+address+"/some/page"))
		log, err := os.ReadFile(filepath.Join(instance, "var", "log", "access.log"))
		require.NoError(t, err)
		require.Contains(t, string(log), "GET /some/page HTTP/1.1")
	})

	t.Run("promise", func(t *testing.T) {
		if _, err := exec.LookPath("python3"); err != nil {
			t.Skip("no python3")
		}
		out, err := exec.Command("python3", "-m", "py_compile", filepath.Join(instance, "etc", "plugin", "check_webapp.py")).CombinedOutput()
		require.NoError(t, err, string(out))
	})

	t.Run("log rotation", func(t *testing.T) {
		if _, err := os.Stat("/usr/sbin/logrotate"); err != nil {
			t.Skip("no /usr/sbin/logrotate")
		}
		out, err := exec.Command(filepath.Join(instance, "bin", "logrotate"), "-d").CombinedOutput()
		require.NoError(t, err, string(out))
		require.Contains(t, string(out), filepath.Join(instance, "var", "log", "access.log"))
		require.NotContains(t, string(out), "error:")
	})

	t.Run("another port", func(t *testing.T) {
		out := deploy(t, dir, "instance-parameter:configuration.port=9")
		for _, part := range []string{"webapp-config", "webapp-service", "webapp-promise"} {
			require.Contains(t, out, "Uninstalling "+part+".")
			require.Contains(t, out, "Installing "+part+".")
		}
		for _, part := range []string{"webapp", "instance-profile", "directories", "logrotate"} {
			require.Contains(t, out, "Updating "+part+".")
		}
	})
}

// get asks until the service answers or says that it never will.
func get(t *testing.T, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			return string(body)
		}
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	}
}

// TestArchive compares the source archive with the sources beside it.
func TestArchive(t *testing.T) {
	f, err := os.Open("release/webapp-1.0.tar.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	names := 0
	for r := tar.NewReader(z); ; names++ {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		want, err := os.ReadFile(h.Name)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "%s changed: go run archive.go", h.Name)
	}
	sources, err := filepath.Glob("webapp-1.0/*")
	require.NoError(t, err)
	require.Len(t, sources, names)
}
