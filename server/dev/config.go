package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
	"github.com/rs/zerolog"
	"github.com/spf13/pflag"

	"github.com/tickwire/tickwire/game"
	"github.com/tickwire/tickwire/game/samples"
	"github.com/tickwire/tickwire/server"
)

// config is all that can be set. The names are those of the flags.
type config struct {
	Addr      string   `koanf:"addr"`
	Admin     string   `koanf:"admin"`
	Games     []string `koanf:"games"`
	LogLevel  string   `koanf:"log-level"`
	Origins   []string `koanf:"origins"`
	PublicURL string   `koanf:"public-url"`
	Proxies   []string `koanf:"proxies"`
	Exempt    []string `koanf:"exempt"`
	TLSCert   string   `koanf:"tls-cert"`
	TLSKey    string   `koanf:"tls-key"`
	Dumps     string   `koanf:"dumps"`
	Reader    string   `koanf:"reader"`

	games           []game.Definition
	level           zerolog.Level
	reader          server.Reader
	proxies, exempt []netip.Prefix
}

// envPrefix begins the names of all environment variables that are settings.
const envPrefix = "TICKWIRE_"

func addFlags(flags *pflag.FlagSet) {
	names := sampleNames()
	flags.String("addr", "127.0.0.1:8080", "where to serve pages, lobby and WebSockets")
	flags.String("admin", "127.0.0.1:8081", `where to serve health, metrics and profiles; "" for nowhere`)
	flags.StringSlice("games", names, "the games that rooms can be made of")
	flags.String("log-level", "info", "trace, debug, info, warn or error")
	flags.String("config", "", "a YAML file with settings")
	flags.StringSlice("origins", nil, "web pages of other hosts that may connect, such as https://example.com")
	flags.String("public-url", "", "where clients find this server, if a proxy stands before it")
	flags.StringSlice("proxies", nil, "networks whose X-Forwarded-For is believed, such as 10.0.0.0/8")
	flags.StringSlice("exempt", []string{"127.0.0.0/8", "::1/128"},
		`networks without limits per address, so that many bots can play from one; "" for none`)
	flags.String("tls-cert", "", "certificate file, PEM; with --tls-key the server speaks TLS")
	flags.String("tls-key", "", "key file, PEM")
	flags.String("reader", "auto", "who reads the sockets of players: auto, mostly their room, or goroutine, one for each")
	flags.String("dumps", filepath.Join(os.TempDir(), "tickwire-dumps"),
		`folder for a recording of each room whose game fails, which fails again when it is replayed; "" for none`)
}

// loadConfig reads the settings: flags before environment before file before defaults.
func loadConfig(flags *pflag.FlagSet, environ func() []string) (*config, error) {
	k := koanf.New(".")
	surroundings := koanf.New(".")
	if err := surroundings.Load(env.Provider(".", env.Opt{
		Prefix: envPrefix, EnvironFunc: environ,
		TransformFunc: func(key, value string) (string, any) {
			key = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, envPrefix)), "_", "-")
			if flag := flags.Lookup(key); flag != nil && flag.Value.Type() == "stringSlice" {
				return key, strings.FieldsFunc(value, func(r rune) bool { return r == ',' })
			}
			return key, value
		},
	}), nil); err != nil {
		return nil, fmt.Errorf("environment: %w", err)
	}
	path := surroundings.String("config")
	if flags.Changed("config") {
		path = flags.Lookup("config").Value.String()
	}
	if path != "" {
		if err := loadFile(k, flags, path); err != nil {
			return nil, err
		}
	}
	if err := known(flags, surroundings, "environment", func(key string) string {
		return envPrefix + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
	}); err != nil {
		return nil, err
	}
	if err := k.Merge(surroundings); err != nil {
		return nil, fmt.Errorf("environment: %w", err)
	}
	if err := k.Load(posflag.Provider(flags, ".", k), nil); err != nil {
		return nil, fmt.Errorf("flags: %w", err)
	}
	c := &config{}
	if err := k.Unmarshal("", c); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return c, c.check()
}

// loadFile reads a YAML file.
func loadFile(k *koanf.Koanf, flags *pflag.FlagSet, path string) error {
	b, err := os.ReadFile(path) //nolint:gosec // the user names it
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	if err := k.Load(rawbytes.Provider(b), yaml.Parser()); err != nil {
		return fmt.Errorf("--config: %s: %w", path, err)
	}
	if k.Exists("config") {
		return fmt.Errorf("%s: config cannot be set in a file", path)
	}
	return known(flags, k, path, func(key string) string { return key })
}

// known refuses settings that do not exist: a misspelt one would do nothing, silently.
func known(flags *pflag.FlagSet, k *koanf.Koanf, where string, spell func(string) string) error {
	for _, key := range k.Keys() {
		if flags.Lookup(key) == nil || key == "help" {
			return fmt.Errorf("%s: there is no setting %s", where, spell(key))
		}
	}
	return nil
}

// check turns words into what they mean.
func (c *config) check() error {
	var err error
	if c.level, err = zerolog.ParseLevel(c.LogLevel); err != nil || c.LogLevel == "" {
		return fmt.Errorf("--log-level: %q is none of trace, debug, info, warn, error", c.LogLevel)
	}
	switch c.Reader {
	case "auto":
		c.reader = server.ReaderAuto
	case "goroutine":
		c.reader = server.ReaderGoroutine
	default:
		return fmt.Errorf("--reader: %q is neither auto nor goroutine", c.Reader)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	if c.proxies, err = prefixes("--proxies", c.Proxies); err != nil {
		return err
	}
	if c.exempt, err = prefixes("--exempt", c.Exempt); err != nil {
		return err
	}
	if c.Dumps != "" {
		if err := os.MkdirAll(c.Dumps, 0o700); err != nil {
			return fmt.Errorf("--dumps: %w; choose a folder that can be written, or \"\" for none", err)
		}
	}
	return c.findGames()
}

func (c *config) findGames() error {
	names := sampleNames()
	for _, name := range c.Games {
		def, ok := samples.ByName(name)
		if !ok {
			return fmt.Errorf("--games: there is no game %q; there are: %s", name, strings.Join(names, ", "))
		}
		if !slices.ContainsFunc(c.games, func(d game.Definition) bool { return d.Name == def.Name }) {
			c.games = append(c.games, def)
		}
	}
	if len(c.games) == 0 {
		return fmt.Errorf("--games: name at least one of: %s", strings.Join(names, ", "))
	}
	return nil
}

func sampleNames() []string {
	all := samples.All()
	names := make([]string, 0, len(all))
	for _, def := range all {
		names = append(names, def.Name)
	}
	return names
}

// prefixes reads networks; empty words, which stand for none, are left out.
func prefixes(name string, words []string) ([]netip.Prefix, error) {
	var found []netip.Prefix
	for _, word := range words {
		if word == "" {
			continue
		}
		p, err := netip.ParsePrefix(word)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not a network such as 10.0.0.0/8", name, word)
		}
		found = append(found, p)
	}
	return found, nil
}
