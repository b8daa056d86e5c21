package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-getter/v2"
)

// maxRedirects is urllib's number.
const maxRedirects = 10

// getHTTP transfers the response of a GET request to the existing file name.
func (c *Client) getHTTP(ctx context.Context, u *url.URL, shown, name string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := newWatchdog(c.timeout(), cancel)
	defer watch.stop()

	// An empty map of decompressors and a URL without path and query leave
	// go-getter nothing to interpret.
	client := getter.Client{
		Getters: []getter.Getter{&getter.HttpGetter{
			Client:                &http.Client{Transport: &exactTransport{c, u, shown, watch}},
			DoNotCheckHeadFirst:   true,
			XTerraformGetDisabled: true,
		}},
		Decompressors:   map[string]getter.Decompressor{},
		DisableSymlinks: true,
	}
	_, err := client.Get(ctx, &getter.Request{
		Src:     u.Scheme + "://" + u.Host + "/",
		Dst:     name,
		GetMode: getter.ModeFile,
	})
	if err != nil && errors.Is(context.Cause(ctx), errSilent) {
		return errSilent
	}
	return err
}

// exactTransport answers any request with the content of one URL, requested
// exactly as it was written. It follows redirects, and returns only
// successful responses.
type exactTransport struct {
	client *Client
	url    *url.URL
	shown  string
	watch  *watchdog
}

func (t *exactTransport) RoundTrip(outer *http.Request) (*http.Response, error) {
	u := *t.url
	u.User = nil
	u.RawQuery = strings.ReplaceAll(u.RawQuery, " ", "%20") // would end the request line
	req := (&http.Request{
		Method: http.MethodGet,
		URL:    &u,
		Host:   u.Host,
		Header: http.Header{"User-Agent": {t.client.userAgent()}},
	}).WithContext(outer.Context())
	if user := t.url.User; user != nil {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password)
	}
	inner := &http.Client{Transport: t.client.roundTripper(), CheckRedirect: t.checkRedirect}
	resp, err := inner.Do(req)
	if err != nil {
		return nil, err
	}
	t.watch.stop()
	if resp.StatusCode < 200 || resp.StatusCode >= 300 || resp.StatusCode == http.StatusPartialContent {
		resp.Body.Close()
		return nil, httpError(resp)
	}
	body, err := t.client.meter(req.Context(), resp.Body, t.shown, resp.ContentLength, t.watch)
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	resp.Body = body
	resp.StatusCode = http.StatusOK // the only one that go-getter takes for whole
	return resp, nil
}

// checkRedirect allows what urllib allows, but for FTP, and keeps credentials
// from any other server and from unencrypted connections.
func (t *exactTransport) checkRedirect(req *http.Request, via []*http.Request) error {
	refuse := func(reason string) error {
		return &RedirectError{URL: redactURL(req.URL.String()), Reason: reason}
	}
	if s := req.URL.Scheme; s != "http" && s != "https" {
		return refuse("expected http or https, found " + strconv.Quote(s))
	}
	if len(via) > maxRedirects {
		return refuse("more than " + strconv.Itoa(maxRedirects) + " redirects")
	}
	first := via[0].URL
	if req.URL.Host != first.Host || first.Scheme == "https" && req.URL.Scheme != "https" {
		req.Header.Del("Authorization")
	}
	req.Header.Del("Referer")
	t.watch.start()
	return nil
}

func httpError(resp *http.Response) *HTTPError {
	_, reason, _ := strings.Cut(resp.Status, " ")
	reason = strings.TrimSpace(oneLine(redactText(reason)))
	if reason == "" {
		reason = http.StatusText(resp.StatusCode)
	}
	if len(reason) > 200 {
		reason = strings.ToValidUTF8(reason[:200], "")
	}
	return &HTTPError{Code: resp.StatusCode, Reason: reason, retryAfter: resp.Header.Get("Retry-After")}
}

func (c *Client) userAgent() string {
	if c.UserAgent != "" {
		return c.UserAgent
	}
	return defaultUserAgent
}

// roundTripper returns the transport, which is made on first use and shared
// by all downloads, so that a profile of a hundred files from one server
// needs one connection.
func (c *Client) roundTripper() http.RoundTripper {
	c.once.Do(func() {
		if c.transport = c.Transport; c.transport != nil {
			return
		}
		c.transport = &http.Transport{
			Proxy:                  c.Proxy,
			DialContext:            c.dialer().DialContext,
			TLSHandshakeTimeout:    c.timeout(),
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // or a .tar.gz could arrive as a .tar
			MaxIdleConns:           16,
			IdleConnTimeout:        15 * time.Second,
			MaxResponseHeaderBytes: 1 << 20,
		}
	})
	return c.transport
}

func (c *Client) dialer() *net.Dialer {
	d := &net.Dialer{Timeout: c.timeout()}
	if c.PublicOnly {
		d.ControlContext = refuseSpecial
	}
	return d
}
