# The usual errands; `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# One set of flags for building and testing, so that the second reuses the first's work.
# The check makes an import of an undeclared target an error, whatever order things build in.
CHECK := --explicit-target-dependency-import-check error
SOURCES := Package.swift $(wildcard Sources Tests Benchmarks Fuzz)
# More for the program that is run, for example: make bench ARGS="bulk apply".
ARGS :=

.PHONY: help demo setup build lint format test crash simulate fuzz tsan bench clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Watch two people chat through a relay, lose each other and meet again
	@Scripts/demo

setup: ## Install what is missing on a Debian machine and check Swift
	@Scripts/setup

build: setup ## Build the library and the program, debug
	swift build $(CHECK)

lint: setup ## Check the formatting, changing nothing
	swift format lint --strict --parallel --recursive $(SOURCES)

format: setup ## Format all Swift files in place
	swift format --in-place --parallel --recursive $(SOURCES)

test: setup ## Set up, lint, build with all warnings as errors, run all tests
	swift format lint --strict --parallel --recursive $(SOURCES)
	swift build --build-tests $(CHECK)
	swift test --disable-xctest $(CHECK)

crash: ## Kill and disturb fika and fikad in many ways (FULL=1: in all, for hours)
	@FULL="$(FULL)" Scripts/crash $(ARGS)

bench: setup ## Run the benchmarks in release mode (ARGS="…" is handed on)
	FIKA_BENCHMARKS=1 swift run -c release --scratch-path .build-bench FikaBenchmarks $(ARGS)

# Bugs are planted only in a build that was made for it.
simulate: setup ## Live through worlds full of faults (ARGS="--sqlite 50", ARGS=--plants)
	$(if $(findstring --plant,$(ARGS)),FIKA_PLANTS=1) swift run -c release \
		--scratch-path .build-simulate fika simulate $(ARGS)

fuzz: setup ## Look for hostile bytes that break a promise (ARGS="segments --seconds 600")
	@Scripts/fuzz $(ARGS)

# What runs on several threads; the pure targets are left out.
CONCURRENT := FikaNetTests|FikaTests|ScenarioTests|FikaRelayTests\.(RelayServer|Monitor|Hostile)|FikaStoreTests\.(CommandSocket|StoreLock)|EndToEndTests\.(Fikad|Processes)

# One test after the other: two slow cores' threads are busy with the tests that compute, and those
# that wait for sockets would share what is left among them all.
tsan: setup ## Run the tests of what is concurrent under the thread sanitizer
	swift build --build-tests --sanitize=thread --scratch-path .build-tsan $(CHECK)
	TSAN_OPTIONS=suppressions=$(CURDIR)/Scripts/tsan-suppressions \
		swift test --sanitize=thread --scratch-path .build-tsan $(CHECK) --disable-xctest \
		--no-parallel --filter '$(CONCURRENT)'

clean: ## Remove everything built
	rm -rf .build .build-bench .build-simulate .build-fuzz .build-tsan
