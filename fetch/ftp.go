package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// getFTP transfers a file from an FTP server to the existing file name: in
// passive mode, and anonymously unless the URL has a user.
func (c *Client) getFTP(ctx context.Context, u *url.URL, shown, name string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := newWatchdog(c.timeout(), cancel)
	defer watch.stop()
	err := c.retrieve(ctx, u, shown, name, watch)
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return errSilent
	}
	return err
}

func (c *Client) retrieve(ctx context.Context, u *url.URL, shown, name string, watch *watchdog) error {
	path := strings.TrimPrefix(u.Path, "/")
	user, password := "anonymous", "anonymous@"
	if u.User != nil {
		user = u.User.Username()
		password, _ = u.User.Password()
	}
	if strings.ContainsAny(path+user+password, "\r\n\x00") {
		return errors.New("line break in an FTP URL")
	}
	if path == "" || strings.HasSuffix(path, "/") {
		return errors.New("FTP URL of a directory: expected a file")
	}
	port := u.Port()
	if port == "" {
		port = "21"
	}
	control, err := c.dialFTP(ctx, net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return err
	}
	defer control.Close()
	// A reply may have many lines, but not without end.
	session := &ftpSession{textproto.NewConn(struct {
		io.Reader
		io.WriteCloser
	}{io.LimitReader(control, 1<<20), control}), watch}
	if _, err := session.reply(220); err != nil {
		return err
	}
	code, err := session.command("USER " + user)
	if err == nil && code == 331 {
		code, err = session.command("PASS " + password)
	}
	if err != nil {
		return err
	}
	if code != 230 && code != 202 {
		return &FTPError{Code: code, Reason: "login not accepted"}
	}
	if _, err := session.command("TYPE I"); err != nil {
		return err
	}
	size := session.size(path)
	dataPort, err := session.passive()
	if err != nil {
		return err
	}
	// The address in the server's answer isn't used: it may name any machine.
	host, _, err := net.SplitHostPort(control.RemoteAddr().String())
	if err != nil {
		return err
	}
	data, err := c.dialFTP(ctx, net.JoinHostPort(host, dataPort))
	if err != nil {
		return err
	}
	defer data.Close()
	if _, err := session.command("RETR " + path); err != nil {
		return err
	}
	body, err := c.meter(ctx, data, shown, size, watch)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	if _, err = io.Copy(f, body); err == nil && size >= 0 && body.done != size {
		err = fmt.Errorf("expected %d bytes, received %d: %w", size, body.done, io.ErrUnexpectedEOF)
	}
	if err := errors.Join(err, f.Close(), data.Close()); err != nil {
		return err
	}
	if _, err := session.reply(2); err != nil {
		return err
	}
	_ = session.PrintfLine("QUIT") // out of politeness: the file is here
	return nil
}

// dialFTP connects to a server. The connection breaks when ctx ends.
func (c *Client) dialFTP(ctx context.Context, address string) (net.Conn, error) {
	conn, err := c.dialer().DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, func() { conn.Close() })
	return conn, nil
}

// ftpSession is the control connection.
type ftpSession struct {
	*textproto.Conn
	watch *watchdog
}

// reply reads a reply; expect is its code or the first digits of it.
func (s *ftpSession) reply(expect int) (int, error) {
	s.watch.start()
	code, _, err := s.ReadResponse(expect)
	return code, ftpError(err)
}

// command sends a line, and fails unless the reply is a positive one.
func (s *ftpSession) command(line string) (int, error) {
	code, _, err := s.ask(line)
	return code, err
}

func (s *ftpSession) ask(line string) (code int, text string, err error) {
	s.watch.start()
	if err := s.PrintfLine("%s", line); err != nil {
		return 0, "", err
	}
	code, text, err = s.ReadResponse(0)
	if err == nil && code >= 400 {
		err = &FTPError{Code: code, Reason: oneLine(redactText(text))}
	}
	return code, text, ftpError(err)
}

// size asks for the size of a file, which not every server tells: then -1.
func (s *ftpSession) size(path string) int64 {
	code, text, err := s.ask("SIZE " + path)
	if err != nil || code != 213 {
		return -1
	}
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// passive asks the server to wait for a connection, and returns its port.
func (s *ftpSession) passive() (string, error) {
	code, text, err := s.ask("EPSV")
	if err == nil && code == 229 {
		if port, ok := extendedPort(text); ok {
			return port, nil
		}
	}
	code, text, err = s.ask("PASV")
	if err != nil {
		return "", err
	}
	port, ok := passivePort(text)
	if code != 227 || !ok {
		return "", fmt.Errorf("unexpected answer to PASV: %d %s", code, oneLine(text))
	}
	return port, nil
}

// extendedPort reads "Entering Extended Passive Mode (|||PORT|)".
func extendedPort(text string) (string, bool) {
	_, text, ok := strings.Cut(text, "(|||")
	port, _, closed := strings.Cut(text, "|)")
	n, err := strconv.ParseUint(port, 10, 16)
	return port, ok && closed && err == nil && n > 0
}

// passivePort reads "Entering Passive Mode (h1,h2,h3,h4,p1,p2)".
func passivePort(text string) (string, bool) {
	start := strings.IndexAny(text, "0123456789")
	end := strings.LastIndexAny(text, "0123456789")
	if start < 0 {
		return "", false
	}
	fields := strings.Split(text[start:end+1], ",")
	if len(fields) != 6 {
		return "", false
	}
	high, err1 := strconv.ParseUint(fields[4], 10, 8)
	low, err2 := strconv.ParseUint(fields[5], 10, 8)
	port := high<<8 | low
	return strconv.FormatUint(port, 10), err1 == nil && err2 == nil && port > 0
}

// ftpError turns a refusal into an error of this package.
func ftpError(err error) error {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return &FTPError{Code: reply.Code, Reason: oneLine(redactText(reply.Msg))}
	}
	return err
}
