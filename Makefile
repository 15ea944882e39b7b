# Drawbridge. `make demo` to see it, `make test` to check it, `make help` for the rest.
# The window's page is built in (`custom-protocol`) everywhere, so that demo and tests share one build.
.DEFAULT_GOAL := help
.NOTPARALLEL:
FEATURES := --features drawbridge/custom-protocol

.PHONY: help demo test check bindings bench conformance fuzz torture clean prepare ui-packages
.PHONY: rust-format rust-lint rust-build rust-test ui-check ui-test ui-build fuzz-short conformance-short browser-test window-test

demo: ## install what is missing, build, and open the demo workspace
	@scripts/demo

test: ## install what is missing and run every check and test
	@scripts/steps prepare rust-format ui-check ui-test ui-build rust-lint rust-build rust-test fuzz-short conformance-short browser-test window-test

check: ## the quick checks: formatting, lints, types
	@scripts/steps ui-packages rust-format ui-check ui-build rust-lint

bindings: ## write the TypeScript types anew from crates/api
	@UPDATE_BINDINGS=1 cargo test --quiet --package drawbridge-api --test it bindings

bench: ## measure the budgets beside other tools
	@tests/bench/run

fuzz: ## throw made-up input at the simulated servers' readers for a minute each
	@scripts/fuzz

# Long enough in CI to find something new, short enough here not to be waited for.
fuzz-short:
	@scripts/fuzz $${FUZZ_SECONDS:-5}

conformance: ## run other people's Salesforce and Alguna clients against the simulated servers
	@scripts/prepare conformance
	@scripts/conformance

torture: ## every fault in every phase, and runs killed at random instants
	@scripts/torture

clean: ## remove everything that was built or installed here
	cargo clean
	rm -rf ui/dist ui/node_modules gen tests/conformance/.clients tests/conformance/*/node_modules

prepare: ## install what the tests need
	@scripts/prepare test

ui-packages:
	@scripts/prepare app

rust-format:
	@cargo fmt --all --check

rust-lint:
	@cargo clippy --workspace --all-targets $(FEATURES) -- -D warnings

rust-build:
	@cargo build --workspace --all-targets $(FEATURES)

# Inside a keychain of its own, because the tests of `secrets` write to a real one.
rust-test:
	@if cargo nextest --version >/dev/null 2>&1; \
	then scripts/with-keychain cargo nextest run --workspace --no-fail-fast $(FEATURES) && cargo test --workspace --doc --quiet $(FEATURES); \
	else scripts/with-keychain cargo test --workspace $(FEATURES); fi

ui-check:
	@npm --prefix ui run --silent check

ui-test:
	@npm --prefix ui run --silent test

ui-build:
	@scripts/build-ui

conformance-short:
	@scripts/conformance --short

browser-test:
	@scripts/test-browser

window-test:
	@scripts/test-window

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
