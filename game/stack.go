package game

import "runtime/debug"

// stack is the stack of the goroutine that panics.
func stack() []byte { return debug.Stack() }
