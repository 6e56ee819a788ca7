package server

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/tickwire/tickwire/game"
)

// dumpSeconds is how many seconds of play a dump holds, at least, if the room is so old.
const dumpSeconds = 10

// checkDumps says what is wrong with Options.Dumps.
func checkDumps(dir string) error {
	if dir == "" {
		return nil
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is no folder")
	}
	if err != nil {
		return fmt.Errorf("server: Options.Dumps %q: %w", dir, err)
	}
	return nil
}

// maxDumps is how many dumps a server writes in its life: a failure that players can cause must not fill the disk.
const maxDumps = 100

// newTail keeps a room's last inboxes, if failures are to be dumped.
func (s *Server) newTail(sim *game.Sim) *game.Tail {
	if s.options.Dumps == "" {
		return nil
	}
	return game.NewTail(sim, dumpSeconds*sim.Definition().Rate)
}

// dump writes what led to a failure into a file, as a recording that fails in the same way.
func (r *room) dump() {
	if r.tail == nil {
		return
	}
	number := r.server.dumped.Add(1)
	if number > maxDumps {
		r.log.Warn().Int64("dumps", number-1).Msg("too many dumps have been written for another one")
		return
	}
	name := r.def.Name + "-" + r.id + "-" + strconv.FormatInt(number, 10) + ".rec"
	if err := r.write(filepath.Join(r.server.options.Dumps, name)); err != nil {
		r.log.Error().Err(err).Msg("the last inputs could not be written")
		return
	}
	r.log.Info().Str("dump", name).Msg("the last inputs were written, for game.ReadRecording")
}

func (r *room) write(path string) (err error) {
	//nolint:gosec // the folder is the operator's, the name ours
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	return r.tail.Write(f)
}
