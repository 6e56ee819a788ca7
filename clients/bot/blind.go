package main

import (
	client "github.com/tickwire/tickwire/clients/go"
	"github.com/tickwire/tickwire/game"
)

// pilotBlind is the --pilot that plays without looking.
const pilotBlind = "blind"

// blindSpan is how many steps a blind player does the same.
const blindSpan = 12

// blindly is what a blind player does in a step: two axes of -1, 0 or 1 and a button. It depends on the player's number and
// the step alone, so that all servers get the same inputs, whatever comes down. In the arena the axes are thrust and turn
// and the button fires; in the world they are the direction and the button runs.
func blindly(number int, step uint32) (axes [2]int8, button bool) {
	phase := uint32(number) * 7 //nolint:gosec // not all change their minds at once
	z := uint64(phase)<<32 | uint64((step+phase)/blindSpan)
	z = (z + 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	for i := range axes {
		switch z >> (8 * i) & 7 {
		case 0, 1, 2:
			axes[i] = 1
		case 3, 4, 5:
			axes[i] = -1
		}
	}
	return axes, z>>32&1 != 0
}

// blindPilot plays blindly any game whose input has three fields: two axes and a button, in this order.
type blindPilot struct {
	number int
	step   uint32
	values [3]int64
}

// newBlindPilot returns nil if the game's input is another one.
func newBlindPilot(number int, s *game.Schema) *blindPilot {
	if s.Input == nil || len(s.Input.Fields) != 3 {
		return nil
	}
	for i, f := range s.Input.Fields {
		axis := f.Kind == game.FieldInt && f.Min == -1 && f.Max == 1
		if i < 2 && !axis || i == 2 && f.Kind != game.FieldBool {
			return nil
		}
	}
	return &blindPilot{number: number}
}

func (p *blindPilot) frame(r *client.Room, _ *client.Frame) {
	axes, button := blindly(p.number, p.step)
	p.step++
	values := [3]int64{int64(axes[0]), int64(axes[1])}
	if button {
		values[2] = 1
	}
	if values != p.values || p.step == 1 {
		p.values = values
		_ = r.SendValues(p.values[:], nil) // within the ranges
	}
}
