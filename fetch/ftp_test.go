package fetch_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-buildout/go-buildout/fetch"
	"github.com/stretchr/testify/require"
)

// ftpServer answers commands with the replies of a table, and sends content
// on the data connection.
type ftpServer struct {
	address string
	replies map[string]string // by command word; the empty one is the greeting
	content string

	mu       sync.Mutex
	commands []string
}

func serveFTP(t *testing.T, replies map[string]string) *ftpServer {
	t.Helper()
	s := &ftpServer{content: hello, replies: map[string]string{
		"USER": "331 password?", "PASS": "230 in", "TYPE": "200 ok",
		"SIZE": fmt.Sprint("213 ", len(hello)), "EPSV": "229 Entering Extended Passive Mode (|||PORT|)",
		"PASV": "227 Entering Passive Mode (10,1,2,3,HIGH,LOW).",
		"RETR": "150 here it comes", "": "220-hello\r\n220 there", "END": "226 done", "QUIT": "221 bye",
	}}
	for k, v := range replies {
		s.replies[k] = v
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.address = l.Addr().String()
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go s.session(conn)
		}
	}()
	return s
}

func (s *ftpServer) session(conn net.Conn) {
	defer conn.Close()
	data, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return
	}
	defer data.Close()
	port := data.Addr().(*net.TCPAddr).Port
	say := func(word string) bool {
		reply := s.replies[word]
		reply = strings.NewReplacer("PORT", fmt.Sprint(port), "HIGH", fmt.Sprint(port>>8), "LOW", fmt.Sprint(port&0xff)).Replace(reply)
		fmt.Fprintf(conn, "%s\r\n", reply)
		return reply < "4"
	}
	say("")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		s.mu.Lock()
		s.commands = append(s.commands, lines.Text())
		s.mu.Unlock()
		word, _, _ := strings.Cut(lines.Text(), " ")
		if say(word) && word == "RETR" {
			if c, err := data.Accept(); err == nil {
				io.WriteString(c, s.content)
				c.Close()
			}
			say("END")
		}
	}
}

func (s *ftpServer) seen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.commands, "\n")
}

func TestFTP(t *testing.T) {
	s := serveFTP(t, nil)
	c := newClient(t)
	var totals []int64
	c.Progress = func(_ string, done, total int64) { totals = append(totals, done, total) }
	path, _, err := c.Fetch(t.Context(), "ftp://"+s.address+"/pub/a%20b.tgz", helloMD5, "", false)
	require.NoError(t, err)
	requireContent(t, hello, path)
	n := int64(len(hello))
	require.Equal(t, []int64{0, n, n, n}, totals)
	require.Contains(t, s.seen(), "USER anonymous\nPASS anonymous@\nTYPE I\nSIZE pub/a b.tgz\nEPSV\nRETR pub/a b.tgz")

	_, err = c.Open(t.Context(), "ftp://user:secret@"+s.address+"/x")
	require.NoError(t, err)
	require.Contains(t, s.seen(), "USER user\nPASS secret\n")
}

func TestFTPPassive(t *testing.T) {
	for _, epsv := range []string{"500 what?", "229 (|||x|)", "229 (|||0|)", "229 (|||99999|)"} {
		s := serveFTP(t, map[string]string{"EPSV": epsv, "SIZE": "550 not told", "USER": "230 no password"})
		_, _, err := newClient(t).Fetch(t.Context(), "ftp://"+s.address+"/x", helloMD5, "", false)
		require.NoError(t, err, "the address of the answer to PASV, which isn't the server's, is ignored")
		require.NotContains(t, s.seen(), "PASS ")
	}
}

func TestFTPFailures(t *testing.T) {
	for name, test := range map[string]struct {
		replies map[string]string
		want    string
		tries   int
	}{
		"absent":         {map[string]string{"RETR": "550 No such file"}, "FTP Error 550: No such file", 1},
		"login":          {map[string]string{"PASS": "530 Login\tincorrect"}, "FTP Error 530: Login incorrect", 1},
		"account":        {map[string]string{"PASS": "332 account?"}, "FTP Error 332: login not accepted", 1},
		"busy":           {map[string]string{"": "421 Too many users"}, "FTP Error 421: Too many users", 3},
		"broken off":     {map[string]string{"END": "426 Connection closed"}, "FTP Error 426: Connection closed", 3},
		"short":          {map[string]string{"SIZE": "213 99"}, "expected 99 bytes, received 13: unexpected EOF", 3},
		"no passive":     {map[string]string{"EPSV": "500 no", "PASV": "502 neither"}, "FTP Error 502: neither", 1},
		"strange":        {map[string]string{"EPSV": "500 no", "PASV": "227 (1,2,3)"}, "unexpected answer to PASV: 227 (1,2,3)", 1},
		"strange port":   {map[string]string{"EPSV": "500 no", "PASV": "227 none"}, "unexpected answer to PASV: 227 none", 1},
		"too large":      {map[string]string{"SIZE": "213 101"}, "limit exceeded: more than 100 bytes of a download", 1},
		"endless answer": {map[string]string{"": "220-" + strings.Repeat("x", 1<<21)}, "the connection broke off: EOF", 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := serveFTP(t, test.replies)
			c := newClient(t)
			c.MaxBytes = 100
			tries := 1
			c.Backoff = func(int) time.Duration { tries++; return 0 }
			_, _, err := c.Fetch(t.Context(), "ftp://"+s.address+"/x", "", "", false)
			require.EqualError(t, err, "Error downloading extends for URL ftp://"+s.address+"/x: "+test.want)
			require.Equal(t, test.tries, tries)
			requireEmpty(t, c.TempDir)
			if strings.HasPrefix(test.want, "FTP Error") {
				var reply *fetch.FTPError
				require.ErrorAs(t, err, &reply)
			}
		})
	}
}

func TestFTPURLs(t *testing.T) {
	s := serveFTP(t, nil)
	for path, want := range map[string]string{
		"/":                "FTP URL of a directory: expected a file",
		"":                 "FTP URL of a directory: expected a file",
		"/dir/":            "FTP URL of a directory: expected a file",
		"/x%0d%0aDELE%20y": "line break in an FTP URL",
	} {
		_, _, err := newClient(t).Fetch(t.Context(), "ftp://"+s.address+path, "", "", false)
		require.ErrorContains(t, err, want)
	}
	require.Empty(t, s.seen())
}

func TestFTPCancelled(t *testing.T) {
	s := serveFTP(t, nil)
	s.content = strings.Repeat("x", 1<<20)
	c := newClient(t)
	ctx, cancel := context.WithCancel(t.Context())
	c.Progress = func(_ string, done, _ int64) {
		if done > 0 {
			cancel()
		}
	}
	_, _, err := c.Fetch(ctx, "ftp://"+s.address+"/x", "", "", false)
	require.ErrorIs(t, err, context.Canceled)
	requireEmpty(t, c.TempDir)
}

func TestFTPSilent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts, but says nothing
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	c := newClient(t)
	c.Timeout = 50 * time.Millisecond
	_, _, err = c.Fetch(t.Context(), "ftp://"+l.Addr().String()+"/x", "", "", false)
	require.ErrorContains(t, err, "timed out: the server keeps silent")
}
