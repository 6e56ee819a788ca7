//go:build !unix

package server

// hasDescriptors says whether sockets can leave the netpoller.
const hasDescriptors = false
