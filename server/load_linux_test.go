package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lxzan/gws"
	"github.com/rs/zerolog"
)

// The clients of the benchmarks below live in a process of their own, so that what is measured is the server's.
const (
	loaderAddress = "TICKWIRE_LOADER_ADDRESS"
	loaderConns   = "TICKWIRE_LOADER_CONNS"
	loaderRate    = "TICKWIRE_LOADER_RATE"
)

// TestLoader is that process: it opens connections, sends an input on each at the given rate, and reads what comes,
// until its standard input ends. Without an address it does nothing.
func TestLoader(t *testing.T) {
	address := os.Getenv(loaderAddress)
	if address == "" {
		t.Skip("a part of the benchmarks")
	}
	n, _ := strconv.Atoi(os.Getenv(loaderConns))
	rate, _ := strconv.Atoi(os.Getenv(loaderRate))
	var reading sync.WaitGroup
	conns := make([]net.Conn, n)
	for i := range conns {
		conns[i] = loaderDial(t, address)
		reading.Go(func() { _, _ = io.Copy(io.Discard, conns[i]) })
	}
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(over)
	}()
	fmt.Println("ready")
	loaderSend(t, conns, rate, over)
	for _, c := range conns {
		_ = c.Close()
	}
	reading.Wait()
}

// loaderDial opens a connection and says hello.
func loaderDial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	r := handshake()
	r.RequestURI = ""
	if err = r.Write(c); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReaderSize(c, 512), nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(answer, err)
	}
	_ = answer.Body.Close()
	if _, err = c.Write(hello(t)); err != nil {
		t.Fatal(err)
	}
	return c
}

// loaderSend sends inputs, spread over each interval as players' are.
func loaderSend(t *testing.T, conns []net.Conn, rate int, over <-chan struct{}) {
	t.Helper()
	if rate == 0 {
		<-over
		return
	}
	input := steering(t)
	step := time.NewTicker(time.Second / time.Duration(rate*len(conns)))
	defer step.Stop()
	for i := 0; ; i++ {
		select {
		case <-step.C:
			_, _ = conns[i%len(conns)].Write(input)
		case <-over:
			return
		}
	}
}

// load starts clients for a server and returns when all are connected.
func load(b *testing.B, address string, conns, rate int) (stop func()) {
	b.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestLoader$") // its standard input ends it
	cmd.Env = append(os.Environ(),
		loaderAddress+"="+address, fmt.Sprint(loaderConns, "=", conns), fmt.Sprint(loaderRate, "=", rate))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err = cmd.Start(); err != nil {
		b.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.Contains(lines.Text(), "ready") {
		continue
	}
	return func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	}
}

// fleet is the server's side of the benchmarks.
type fleet struct {
	mu    sync.Mutex
	sends []func(frame []byte)
	all   sync.WaitGroup

	polled  sockets // as a room has them
	leaving farewells
}

func (f *fleet) add(send func([]byte), run func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sends = append(f.sends, send)
	f.all.Go(run)
}

// ours serves with this package's conns, which goroutines of their own read.
func (f *fleet) ours(w http.ResponseWriter, r *http.Request, l *Limits, m *metrics) {
	c, err := upgrade(w, r, l, zerolog.Nop(), m)
	if err != nil {
		return
	}
	f.add(func(frame []byte) {
		c.flush(time.Now())
		c.send(frame)
	}, func() { c.run(quiet{}) })
}

// ticked serves with this package's conns, which the ticks of the benchmark read.
func (f *fleet) ticked(w http.ResponseWriter, r *http.Request, l *Limits, m *metrics) {
	c, err := upgrade(w, r, l, zerolog.Nop(), m)
	if err != nil || !c.wire.detach() {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all.Add(1)
	c.over = f.all.Done
	f.sends = append(f.sends, func(frame []byte) { c.send(frame) })
	c.start(quiet{})
	f.polled.add(c)
}

// poll is what the tick of a room does first.
func (f *fleet) poll() {
	s := &f.polled
	s.look(time.Now(), time.Second)
	if s.scratch == nil {
		s.scratch = [][]byte{make([]byte, 8<<10)}
	}
	s.work(0, 0, len(s.take()))
	s.let(&f.leaving)
}

// wait reads until all conns have ended.
func (f *fleet) wait() {
	over := make(chan struct{})
	go func() {
		defer close(over)
		f.all.Wait()
	}()
	for {
		select {
		case <-over:
			return
		case <-time.After(5 * time.Millisecond):
			f.poll()
		}
	}
}

// bare serves with gws alone.
func (f *fleet) bare(w http.ResponseWriter, r *http.Request, u *gws.Upgrader) {
	ws, err := u.Upgrade(w, r)
	if err != nil {
		return
	}
	f.add(func(frame []byte) { _ = ws.WriteMessage(gws.OpcodeBinary, frame) }, ws.ReadLoop)
}

// servers are who is measured.
func servers(f *fleet) map[string]http.HandlerFunc {
	l, m := testLimits(), newMetrics()
	u := gws.NewUpgrader(closeOnly{}, &gws.ServerOption{SubProtocols: []string{subProtocol}})
	return map[string]http.HandlerFunc{
		"goroutines": func(w http.ResponseWriter, r *http.Request) { f.ours(w, r, l, m) },
		"ticks":      func(w http.ResponseWriter, r *http.Request) { f.ticked(w, r, l, m) },
		"gws":        func(w http.ResponseWriter, r *http.Request) { f.bare(w, r, u) },
	}
}

// cpu is the processor time of this process.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLoopback is a room of 64 clients at 20 Hz over real sockets: an input in and a frame of 320 bytes out for each
// client and tick. The figure is the server's processor time.
func BenchmarkLoopback(b *testing.B) {
	for _, name := range []string{"gws", "goroutines", "ticks"} {
		b.Run(name, func(b *testing.B) {
			const clients, rate = 64, 20
			f := &fleet{}
			web := httptest.NewServer(servers(f)[name])
			stop := load(b, web.Listener.Addr().String(), clients, rate)
			frame := make([]byte, 320)
			tick := time.NewTicker(time.Second / rate)
			<-tick.C
			before := cpu(b)
			for b.Loop() {
				<-tick.C
				f.poll()
				for _, send := range f.sends {
					send(frame)
				}
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/float64(b.N*clients), "us/client-tick")
			tick.Stop()
			stop()
			f.wait()
			web.Close()
		})
	}
}

// BenchmarkIdleConn is the memory of 1,000 connections that said hello and fell silent.
func BenchmarkIdleConn(b *testing.B) {
	for _, name := range []string{"gws", "goroutines", "ticks"} {
		b.Run(name, func(b *testing.B) {
			const clients = 1000
			f := &fleet{}
			web := httptest.NewServer(servers(f)[name])
			load(b, web.Listener.Addr().String(), 50, 0)() // warms up what is there once
			f.wait()
			before := memory(b)
			stop := load(b, web.Listener.Addr().String(), clients, 0)
			f.poll()
			after := memory(b)
			for b.Loop() {
				continue // nothing is timed
			}
			b.ReportMetric((after.rss-before.rss)/clients, "rss-B/conn")
			b.ReportMetric((after.heap-before.heap)/clients, "heap-B/conn")
			b.ReportMetric((after.stack-before.stack)/clients, "stack-B/conn")
			stop()
			f.wait()
			web.Close()
		})
	}
}

// usage is a process's memory in bytes.
type usage struct{ rss, heap, stack float64 }

func memory(b *testing.B) usage {
	b.Helper()
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		b.Fatal(err)
	}
	return usage{float64(pages * os.Getpagesize()), float64(m.HeapAlloc), float64(m.StackInuse)}
}
