# Two commands: `make run` and `make test`. Each sets up what is missing and asks nothing.

.PHONY: run demo build test check bench testbed clean-test

run: ## Set up, build and start Slipway on this machine
	@dev/setup run
	@dev/build
	@. dev/environment && exec "$$CARGO_TARGET_DIR/debug/slipway" run $(ARGS)

demo: ## The same without Docker: everything can be tried, nothing is real
	@SLIPWAY_NO_ENGINE=yes dev/setup run
	@dev/build
	@. dev/environment && exec "$$CARGO_TARGET_DIR/debug/slipway" run --demo $(ARGS)

build: ## Both halves, without starting anything
	@dev/setup run
	@dev/build

test: ## Set up what the tests need and pass them all
	@dev/setup test
	@dev/build
	@dev/test $(ARGS)

check: ## Formatting, lints, licences and allowed edges
	@dev/setup run
	@dev/check

bench: ## Measure, print one line each, write bench/results.json
	@dev/setup bench
	@dev/build --release
	@bench/run $(NAME)
