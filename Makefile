# Everything a person types. The work is in scripts/, one file per word.
.DEFAULT_GOAL := help
.PHONY: help run test dev lint bench bundle setup

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## set up, build a release, migrate, load the demo into an empty database, serve on 127.0.0.1:3000
	@scripts/run.sh

test: ## set up and run every check: format, lints, rules, services on both databases, browsers
	@scripts/test.sh

dev: ## serve, and rebuild and restart whenever a source file changes
	@scripts/dev.sh

lint: ## format, clippy for server and browser, shell scripts, browser tests' types
	@scripts/lint.sh

bench: ## load 1,000,000 customers once and measure every budget of docs/performance.md
	@scripts/bench.sh

bundle: ## build the browser's half into dist/pkg
	@scripts/bundle.sh wasm

setup: ## only install what `make run` needs
	@scripts/setup.sh run
