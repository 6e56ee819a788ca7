package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"go.uber.org/goleak"
)

// asMain makes the test binary the program itself, so that tests can send it signals.
const asMain = "RUN_DEV_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
	}
	goleak.VerifyTestMain(m)
}

// started is a server that a test has started.
type started struct {
	url    string
	stderr *bytes.Buffer // to be read after stop
	stop   func() int
}

// start runs the program in this process until the test ends, or stop, which returns the exit code.
func start(t *testing.T, args ...string) *started {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	s := &started{stderr: &bytes.Buffer{}}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"--addr", "127.0.0.1:0", "--admin", ""}, args...), in, s.stderr)
		_ = in.Close()
	}()
	ended, result := false, 0
	s.stop = func() int {
		cancel()
		if !ended {
			result, ended = <-code, true
		}
		return result
	}
	t.Cleanup(func() { s.stop() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("it ended with %d: %s", s.stop(), s.stderr)
	}
	s.url = strings.TrimSpace(line)
	return s
}

func get(t *testing.T, client *http.Client, method, url, body string) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("X-Content-Type-Options") == "" && method == http.MethodGet {
		t.Errorf("%s: no X-Content-Type-Options", url)
	}
	return res.StatusCode, string(b)
}

func oneTimeClient() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func TestServes(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := oneTimeClient()
	if status, page := get(t, client, http.MethodGet, s.url+"/", ""); status != 200 || !strings.Contains(page, "<html") {
		t.Errorf("page: %d %s", status, page)
	}
	const call = "/tickwire.v1.LobbyService/JoinOrCreate"
	for _, game := range []string{"arena", "tictactoe", "lobby"} {
		status, seat := get(t, client, http.MethodPost, s.url+call, `{"game":"`+game+`"}`)
		if status != 200 || !strings.Contains(seat, "ws://"+strings.TrimPrefix(s.url, "http://")+"/tickwire/v1/connect") {
			t.Errorf("%s: %d %s", game, status, seat)
		}
	}
	began := time.Now()
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d: %s", code, s.stderr)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("stopping took %s", took)
	}
	for line := range strings.Lines(s.stderr.String()) {
		if !strings.HasPrefix(line, "{") {
			t.Errorf("not on a terminal, but not JSON: %s", line)
		}
	}
}

// Whatever a user does wrong is one line that says what to do.
func TestMistakes(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	port := taken.Addr().String()
	free := []string{"--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0"}
	for _, c := range []struct {
		why  string
		args []string
		want []string
	}{
		{"port taken", []string{"--addr", port}, []string{port, "in use", "--addr"}},
		{"admin port taken", []string{"--addr", "127.0.0.1:0", "--admin", port}, []string{port, "in use", "--admin"}},
		{"no address", []string{"--addr", "nonsense"}, []string{"--addr", "nonsense"}},
		{"unknown flag", []string{"--prot", "1"}, []string{"--prot", "--help"}},
		{"a word that is no flag", []string{"serve"}, []string{"serve"}},
		{"unknown game", append(free, "--games", "chess"), []string{`"chess"`, "arena", "tictactoe"}},
		{"no game", append(free, "--games", ""), []string{"--games", "arena"}},
		{"log level", append(free, "--log-level", "loud"), []string{"--log-level", "loud", "debug"}},
		{"reader", append(free, "--reader", "nobody"), []string{"--reader", "nobody", "goroutine"}},
		{"origin", append(free, "--origins", "*"), []string{"*", "https://host"}},
		{"proxies", append(free, "--proxies", "10.0.0.1"), []string{"--proxies", "10.0.0.1", "10.0.0.0/8"}},
		{"certificate without key", append(free, "--tls-cert", "x"), []string{"--tls-key"}},
		{"certificate that is not there", append(free, "--tls-cert", "x", "--tls-key", "x"), []string{"--tls-cert"}},
		{"file that is not there", append(free, "--config", "/nowhere.yaml"), []string{"--config", "/nowhere.yaml"}},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), c.args, &stdout, &stderr)
		said := stderr.String()
		if code != 1 || strings.Count(said, "\n") != 1 || stdout.Len() != 0 {
			t.Errorf("%s: exit code %d, said %q and %q", c.why, code, stdout.String(), said)
		}
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q does not say %q", c.why, said, want)
			}
		}
	}
}

func load(t *testing.T, file string, environ []string, args ...string) (*config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	addFlags(flags)
	if file != "" {
		path := filepath.Join(t.TempDir(), "config.yaml")
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return loadConfig(flags, func() []string { return environ })
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	const file = "log-level: warn\naddr: 1.1.1.1:1\n"
	environ := []string{"TICKWIRE_LOG_LEVEL=error", "PATH=/bin", "TICKWIRE_GAMES=tictactoe,arena"}
	all := len(sampleNames())
	for _, c := range []struct {
		why         string
		file        string
		environ     []string
		args        []string
		level, addr string
		games       int
	}{
		{"defaults", "", nil, nil, "info", "127.0.0.1:8080", all},
		{"file before defaults", file, nil, nil, "warn", "1.1.1.1:1", all},
		{"environment before file", file, environ, nil, "error", "1.1.1.1:1", 2},
		{"flags before all", file, environ, []string{"--log-level", "debug", "--games", "arena"}, "debug", "1.1.1.1:1", 1},
		{"a list in a file", "games: [tictactoe]", nil, nil, "info", "127.0.0.1:8080", 1},
		{"an empty word is a setting too", "", []string{"TICKWIRE_ADDR="}, nil, "info", "", all},
	} {
		got, err := load(t, c.file, c.environ, c.args...)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		if got.LogLevel != c.level || got.Addr != c.addr || len(got.games) != c.games {
			t.Errorf("%s: %q %q %d games", c.why, got.LogLevel, got.Addr, len(got.games))
		}
	}
}

func TestExemptions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why  string
		args []string
		want int
	}{
		{"this machine by default", nil, 2},
		{"none", []string{"--exempt", ""}, 0},
		{"others", []string{"--exempt", "10.0.0.0/8"}, 1},
	} {
		if got, err := load(t, "", nil, c.args...); err != nil || len(got.exempt) != c.want {
			t.Errorf("%s: %v, %v", c.why, got.exempt, err)
		}
	}
}

func TestUnknownSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, file string
		environ   []string
		want      string
	}{
		{"in a file", "log_level: debug", nil, "log_level"},
		{"deeper in a file", "log:\n  level: debug", nil, "log.level"},
		{"in the environment", "", []string{"TICKWIRE_LOGLEVEL=debug"}, "TICKWIRE_LOGLEVEL"},
		{"a file that names a file", "config: other.yaml", nil, "config"},
		{"a file that is no YAML", "{", nil, "--config"},
		{"a list where there is none", "log-level: [a, b]", nil, "log-level"},
	} {
		if _, err := load(t, c.file, c.environ); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want something with %q", c.why, err, c.want)
		}
	}
}

// certificate writes a certificate for 127.0.0.1 and returns the flags for it and a client that trusts it.
func certificate(t *testing.T) ([]string, *http.Client) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir, pool := t.TempDir(), x509.NewCertPool()
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	pool.AppendCertsFromPEM(certPEM)
	write := func(name string, b []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	flags := []string{
		"--tls-cert", write("cert.pem", certPEM),
		"--tls-key", write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})),
	}
	return flags, &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
	}}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	flags, client := certificate(t)
	s := start(t, flags...)
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("ready at %s", s.url)
	}
	status, seat := get(t, client, http.MethodPost, s.url+"/tickwire.v1.LobbyService/JoinOrCreate", `{"game":"arena"}`)
	if status != 200 || !strings.Contains(seat, `"wss://`) {
		t.Errorf("%d %s", status, seat)
	}
	res, err := client.Get(s.url)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.ProtoMajor != 1 {
		t.Errorf("%s, in which no WebSocket can be opened", res.Proto)
	}
}

// program is the real program in a process of its own.
type program struct {
	*exec.Cmd
	url string
	log *bufio.Scanner // of its stderr
}

func startProgram(t *testing.T) *program {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "--addr", "127.0.0.1:0", "--admin", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), asMain+"=1")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(errors.Join(err, cmd.Wait()))
	}
	return &program{cmd, strings.TrimSpace(line), bufio.NewScanner(stderr)}
}

func (p *program) signal(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

// A signal ends the program in order, with exit code 0.
func TestSignal(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	began := time.Now()
	p.signal(t)
	for p.log.Scan() { // until it closes its stderr
	}
	if err := p.Wait(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %s", took)
	}
}

// A second signal ends the program at once, whatever it is waiting for: here a request that does not end.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	p := startProgram(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	const head = "POST /tickwire.v1.LobbyService/List HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
		"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
	if _, err := conn.Write([]byte(head)); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil { // "100 Continue": it waits for the body
		t.Fatal(err)
	}
	p.signal(t)
	for p.log.Scan() && !strings.Contains(p.log.Text(), `"stopped"`) {
	}
	p.signal(t)
	err = p.Wait()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGTERM {
		t.Errorf("it ended with %v", err)
	}
}

func TestShownURL(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		addr   net.Addr
		secure bool
		want   string
	}{
		{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, false, "http://127.0.0.1:8080"},
		{&net.TCPAddr{IP: net.IPv4zero, Port: 8080}, false, "http://127.0.0.1:8080"},
		{&net.TCPAddr{IP: net.IPv6unspecified, Port: 443}, true, "https://127.0.0.1:443"},
		{&net.TCPAddr{IP: net.IPv6loopback, Port: 8080}, false, "http://[::1]:8080"},
	} {
		if got := shownURL(c.addr, c.secure); got != c.want {
			t.Errorf("%v: %s, want %s", c.addr, got, c.want)
		}
	}
}
