package server

import (
	"testing"

	"go.uber.org/goleak"
)

// A goroutine or a coroutine that is left over when all tests are done fails the test binary.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
