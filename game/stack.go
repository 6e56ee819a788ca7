package game

import "runtime"

// maxStack bounds the stack that a GameError keeps, in bytes.
const maxStack = 16 << 10

// stack is the stack of the goroutine that panics.
func stack() []byte {
	b := make([]byte, maxStack)
	return b[:runtime.Stack(b, false)]
}
