// Package web holds the built pages, so that a server can show them without Node.
package web

import "embed"

// Dist is the output of `npm run build` in clients/, committed with the sources that it was built from. Its files lie
// below "dist". Constant; safe for concurrent use.
//
//go:embed all:dist
var Dist embed.FS
