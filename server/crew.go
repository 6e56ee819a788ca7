package server

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// The sizes of what is split.
const (
	// crewLeast is how many sessions or sockets are worth waking other cores for. Below it one core is done before the others
	// are awake, and many small rooms use all cores anyway.
	crewLeast = 400
	// crewShare is how many of them a core takes at a time: so few that all cores are done at about the same time, so many
	// that they hardly meet.
	crewShare = 16
)

// task is work on many things that do not touch each other.
type task interface {
	// work does those from one to before another. worker is who does it: 0 is the room's goroutine. It runs on several
	// goroutines at once, and each worker on one.
	work(worker, from, to int)
}

// crew lets several cores do a part of a room's tick, and the room's goroutine wait for them, so that nothing else in the
// room needs a lock. It starts goroutines when there is work and keeps none.
type crew struct {
	least int // how many things are worth it
	share int // how many a worker takes at a time; 0: crewShare
	most  int // workers; 0: as many as there are cores

	task    task
	size    int
	next    atomic.Int64 // the first thing that nobody has taken
	running sync.WaitGroup
	workers []func() // what the goroutines run; made once
	failed  atomic.Pointer[failure]
}

// failure is the panic of a worker.
type failure struct {
	cause any
	stack []byte
}

// Error implements error, for logs.
func (f *failure) Error() string { return fmt.Sprint(f.cause) }

// cores is how many workers may be at work on so many things.
func (c *crew) cores(size int) int {
	if size < c.least {
		return 1
	}
	most := c.most
	if most == 0 {
		most = runtime.GOMAXPROCS(0)
	}
	return max(1, min(most, size/c.part()))
}

// part is how many things a worker takes at a time.
func (c *crew) part() int {
	if c.share == 0 {
		return crewShare
	}
	return c.share
}

// run does a task on so many things with as many workers as cores said. A panic of one of them is a panic of run: it is a
// *failure if another goroutine had it.
func (c *crew) run(t task, size, cores int) {
	if cores <= 1 {
		t.work(0, 0, size)
		return
	}
	for len(c.workers) < cores-1 {
		worker := len(c.workers) + 1
		c.workers = append(c.workers, func() { c.help(worker) })
	}
	c.task, c.size = t, size
	c.next.Store(0)
	c.running.Add(cores - 1)
	for _, help := range c.workers[:cores-1] {
		go help()
	}
	c.labour(0)
	c.running.Wait()
	c.task = nil
	if f := c.failed.Swap(nil); f != nil {
		panic(f)
	}
}

// help is what another goroutine does.
func (c *crew) help(worker int) {
	defer c.running.Done()
	c.labour(worker)
}

// labour does what nobody has taken until there is nothing left. When one fails, the others stop.
func (c *crew) labour(worker int) {
	defer func() {
		if cause := recover(); cause != nil {
			c.failed.CompareAndSwap(nil, &failure{cause: cause, stack: debug.Stack()})
			c.next.Store(int64(c.size))
		}
	}()
	for share := c.part(); ; {
		from := int(c.next.Add(int64(share))) - share
		if from >= c.size {
			return
		}
		c.task.work(worker, from, min(c.size, from+share))
	}
}
