package server

import (
	"testing"

	"go.uber.org/goleak"
)

// A goroutine or a coroutine that is left over when all tests are done fails the test binary.
func TestMain(m *testing.M) {
	// The faulty proxy of the tests may leave one of its own behind when a fault is added while a connection ends.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*NoopToxic).Pipe"))
}
