# Makefile is the one door to everything that is done with this repository. `make` alone lists what there is.
# A fresh machine needs Go for `make dev`; for the rest also Node. What else is missing is installed by the target.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := help
MAKEFLAGS += --warn-undefined-variables --no-builtin-rules --no-print-directory

# What a call may set.
ARGS ?=
FUZZTIME ?= 30s
BENCHCOUNT ?= 6
BENCHTIME ?= 300ms
PKG ?= ./...

GO ?= go
TOOL := $(GO) tool -modfile=tools/go.mod
BIN := clients/node_modules/.bin
STAMP := clients/node_modules/.stamp
TWIN := clients/bot/peers/colyseus
TWIN_STAMP := $(TWIN)/node_modules/.stamp
CHROMIUM := /usr/bin/chromium
FONT := /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
PYTHON_PEER := /usr/lib/python3/dist-packages/websockets
BASELINE := .ci/bench.txt

# What `make gen` writes and git keeps.
GENERATED := proto/tickwire clients/ts/src/gen clients/web/dist

TMPDIR ?= /tmp

# The runner of wasm programs that comes with Go. It refuses a large environment, so it gets a small one.
WASM_EXEC = env -i PATH=$(PATH) HOME=$(HOME) TMPDIR=$(TMPDIR) $$($(GO) env GOROOT)/lib/wasm/go_js_wasm_exec

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

# On a terminal the server is a job of its own, so that Ctrl-C reaches it alone: make would die of it, though all ends well.
.PHONY: dev
dev: ## run the dev server with the samples and the web pages; flags in ARGS, as in make dev ARGS='--addr :9000'
	@mkdir -p .tmp
	@[ -x .tmp/dev ] || echo "building; the first time takes up to a minute" >&2
	@$(GO) build -o .tmp/dev ./server/dev
	@[ -t 0 ] || exec .tmp/dev $(ARGS); \
	set -m; trap 'kill %1 2>/dev/null || :' EXIT; \
	.tmp/dev $(ARGS) || { s=$$?; [[ $$(jobs -s) ]] || exit $$s; kill -TSTP 0; bg; wait; }

.PHONY: test
test: test-go test-wasm test-ts test-e2e ## run every test: Go with -race, wasm, TypeScript, vectors, fuzz seeds, Chromium

# Clients of other makers play against the server too: one in Python, one in JavaScript.
.PHONY: test-go
test-go: $(STAMP) $(TWIN_STAMP) $(PYTHON_PEER)
	$(GO) test -race -shuffle=on -timeout 20m $(PKG)
	$(GO) test -run 'Allocates|Stall|MemoryBeforeHello' ./game/... ./server

.PHONY: test-wasm
test-wasm:
	GOOS=js GOARCH=wasm $(GO) test -timeout 20m -exec="$(WASM_EXEC)" ./game/...

# The SDK's tests play against a real server as well.
.PHONY: test-ts
test-ts: $(STAMP)
	mkdir -p .tmp
	$(GO) build -o .tmp/dev ./server/dev
	: >.tmp/dev.out
	.tmp/dev --addr 127.0.0.1:0 --admin '' --log-level warn >.tmp/dev.out & server=$$!; \
	trap 'kill $$server; wait $$server || true' EXIT; \
	url=; for _ in {1..100}; do \
		url=$$(grep -om1 'http://[^ ]*' .tmp/dev.out || true); \
		[ -z "$$url" ] || break; \
		sleep 0.1; \
	done; \
	cd clients && TICKWIRE_URL=$$url npm test --workspaces

.PHONY: test-e2e
test-e2e: $(STAMP) $(CHROMIUM) $(FONT)
	cd clients && npm run e2e -w web

.PHONY: lint
lint: lint-go lint-proto lint-ts ## all linters, with the rules of who may import whom

# The second line sees the files that are built for wasm only.
.PHONY: lint-go
lint-go:
	$(TOOL) golangci-lint run $(PKG)
	GOOS=js GOARCH=wasm $(GO) vet ./game/...

# A change is compared with the main branch it will be merged into, where there is one with a protocol in it.
.PHONY: lint-proto
lint-proto: $(STAMP)
	$(BIN)/buf lint
	for base in origin/main main; do \
		git rev-parse --quiet --verify "$$base:buf.yaml" >/dev/null || continue; \
		$(BIN)/buf breaking --against ".git#ref=$$(git rev-parse "$$base")"; \
		break; \
	done

.PHONY: lint-ts
lint-ts: $(STAMP) $(TWIN_STAMP)
	cd clients && npm run check --workspaces
	cd $(TWIN) && npm run check

.PHONY: gen
gen: $(STAMP) ## write all generated code and the web pages again
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/buf generate
	cd clients && npm run build -w web

.PHONY: check-gen
check-gen: gen ## fail if `make gen` changes anything that is committed
	@git diff --exit-code --stat -- $(GENERATED)
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if [ -n "$$new" ]; then printf 'generated and not committed:\n%s\n' "$$new"; exit 1; fi

.PHONY: fuzz
fuzz: ## fuzz each target for FUZZTIME, 30s by default
	for pkg in $$($(GO) list $(PKG)); do \
		for target in $$($(GO) test -list '^Fuzz' "$$pkg" | grep '^Fuzz' || true); do \
			echo "$$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x "$$pkg"; \
		done; \
	done

.PHONY: bench
bench: ## run the Go benchmarks and compare them with those in .ci/bench.txt, which .tmp/bench.txt may replace
	mkdir -p .tmp
	$(GO) test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -count $(BENCHCOUNT) $(PKG) | tee .tmp/bench.txt
	if [ -f $(BASELINE) ]; then $(TOOL) benchstat $(BASELINE) .tmp/bench.txt; fi

# What it writes is committed: RESULTS.md, the charts and results.jsonl in clients/bot/peers.
.PHONY: bench-peers
bench-peers: $(TWIN_STAMP) ## measure the server beside bare gws and Colyseus; choose a part with ARGS, as in make bench-peers ARGS='--games arena'
	$(GO) run ./clients/bot/peers/bench $(ARGS)

.PHONY: wasm
wasm: ## build the core and the samples for JavaScript, then what one page needs of it, and print the sizes
	mkdir -p .tmp
	@for tags in all arena; do \
		$(GO) run ./game/wasm/build -tags $$tags -o .tmp/tickwire-$$tags.wasm ./game/wasm; \
		printf 'wasm %-5s %d bytes, gzip %d bytes\n' "$$tags" "$$(wc -c <.tmp/tickwire-$$tags.wasm)" \
			"$$(gzip -9 -c .tmp/tickwire-$$tags.wasm | wc -c)"; \
	done

.PHONY: ts
ts: $(STAMP) ## build the TypeScript SDK and print its sizes
	cd clients && npm run build -w ts && npm run size -w ts

$(STAMP): clients/package-lock.json
	cd clients && npm ci --no-audit --no-fund
	touch $@

$(TWIN_STAMP): $(TWIN)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js with it; \
		'go run ./clients/bot/peers/bench --systems tickwire,gws' does without" >&2; exit 1; }
	cd $(TWIN) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(CHROMIUM):
	apt-get update
	apt-get install -y --no-install-recommends chromium

$(PYTHON_PEER):
	apt-get update
	apt-get install -y --no-install-recommends python3-websockets

# Chromium draws no text without a font.
$(FONT):
	apt-get update
	apt-get install -y --no-install-recommends fonts-dejavu-core
