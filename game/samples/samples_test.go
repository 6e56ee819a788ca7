package samples_test

import (
	"testing"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples"
)

func TestSamples(t *testing.T) {
	for _, def := range samples.All() {
		if got, ok := samples.ByName(def.Name); !ok || got.Name != def.Name {
			t.Errorf("ByName(%q) finds %q", def.Name, got.Name)
		}
		if _, err := game.NewSim(def, 1, nil); err != nil {
			t.Errorf("%s cannot be made: %v", def.Name, err)
		}
	}
	if _, ok := samples.ByName("chess"); ok {
		t.Error("ByName finds what is not there")
	}
}
